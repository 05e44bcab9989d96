import CArrow

/// A description of an array of the C data interface, without its ownership: ``ImportedArray``
/// keeps the memory.
///
/// Nothing in it is to be trusted before it is checked.
@safe
struct ForeignArray {
  private(set) var raw: ArrowArray

  init(_ raw: ArrowArray) { unsafe self.raw = unsafe raw }

  /// The number of rows.
  var count: Int { unsafe Int(raw.length) }
  /// The rows before the first in the buffers.
  var offset: Int { unsafe Int(raw.offset) }
  /// Whether the array says that no row is null.
  var hasNoNulls: Bool { unsafe raw.null_count == 0 }
  /// The number of buffers.
  var bufferCount: Int { unsafe Int(raw.n_buffers) }
  /// The number of children.
  var childCount: Int { unsafe Int(raw.n_children) }

  /// Whether length and offset are numbers of rows at all.
  var hasPossibleShape: Bool {
    let limit = 1 << 40
    return (0..<limit).contains(count) && (0..<limit).contains(offset)
  }

  /// Where a buffer starts; nil if it is not there.
  func buffer(_ index: Int) -> UnsafeRawPointer? {
    guard index >= 0, index < bufferCount else { return nil }
    return unsafe raw.buffers?[index]
  }

  /// A child; nil if it is not there.
  func child(_ index: Int) -> ForeignArray? {
    guard index >= 0, index < childCount, let pointer = unsafe raw.children?[index] else {
      return nil
    }
    return unsafe ForeignArray(pointer.pointee)
  }

  /// The dictionary's values; nil if it is not there.
  var dictionary: ForeignArray? {
    guard let pointer = unsafe raw.dictionary else { return nil }
    return unsafe ForeignArray(pointer.pointee)
  }

  /// The description of `count` rows from `start`; both must have been checked.
  func slice(from start: Int, count: Int) -> ForeignArray {
    if start == 0, count == self.count { return self }
    var part = self
    unsafe part.raw.offset += Int64(start)
    unsafe part.raw.length = Int64(count)
    unsafe part.raw.null_count = -1
    return part
  }
}

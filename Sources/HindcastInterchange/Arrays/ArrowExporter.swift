import CArrow
import HindcastCore

/// Lends columns to another library as arrays of the C data interface, without copying: each array
/// holds on to the memory's owners until it is released.
enum ArrowExporter {
  /// Fills one array.
  typealias Filler = (UnsafeMutablePointer<ArrowArray>) -> Void

  /// Fills `target` with the column's array.
  static func export(_ column: Column, to target: UnsafeMutablePointer<ArrowArray>) {
    unsafe export(column, rows: 0..<column.count, to: target)
  }

  /// Fills `target` with the array of some rows of a column.
  static func export(
    _ column: Column, rows: Range<Int>, to target: UnsafeMutablePointer<ArrowArray>
  ) {
    var buffers: [Buffer?] = [column.validity]
    var children: [Filler] = unsafe []
    switch column.body {
    case .bits(let bits): buffers.append(bits)
    case .fixed(let values):
      if case .vector(let dimension) = column.type {
        let elements = Column(
          type: .float32, count: column.count * dimension, nullCount: 0, validity: nil,
          body: .fixed(values))
        unsafe children.append { unsafe export(elements, to: $0) }
      } else {
        buffers.append(values)
      }
    case .bytes(let offsets, let data): buffers += [offsets, data]
    case .list(let offsets, let child):
      buffers.append(offsets)
      unsafe children.append { unsafe export(child, to: $0) }
    }
    let isWhole = rows.count == column.count
    unsafe fill(
      target, length: rows.count,
      nullCount: isWhole || column.nullCount == 0 ? column.nullCount : -1,
      offset: rows.lowerBound, buffers: buffers.map { unsafe $0?.address },
      owners: buffers.compactMap { $0 },
      children: children, dictionary: nil)
  }

  /// Fills `target` with a second description of an imported array.
  static func export(
    _ array: ForeignArray, owner: ImportedArray, to target: UnsafeMutablePointer<ArrowArray>
  ) {
    let children = (0..<array.childCount).compactMap { array.child($0) }
    let values: Filler? = unsafe array.dictionary.map { source in
      { target in unsafe export(source, owner: owner, to: target) }
    }
    unsafe fill(
      target, length: array.count, nullCount: array.hasNoNulls ? 0 : -1, offset: array.offset,
      buffers: (0..<array.bufferCount).map { unsafe array.buffer($0) }, owners: [owner],
      children: children.map { source in
        { target in unsafe export(source, owner: owner, to: target) }
      },
      dictionary: values)
  }

  /// Fills `target` with a struct array, which a batch of rows is.
  static func exportStruct(
    length: Int, children: [Filler],
    to target: UnsafeMutablePointer<ArrowArray>
  ) {
    unsafe fill(
      target, length: length, nullCount: 0, offset: 0, buffers: [nil], owners: [],
      children: children, dictionary: nil)
  }

  private static func fill(
    _ target: UnsafeMutablePointer<ArrowArray>, length: Int, nullCount: Int, offset: Int,
    buffers: [UnsafeRawPointer?], owners: [AnyObject],
    children: [Filler],
    dictionary: Filler?
  ) {
    let holder = Holder(owners: owners)
    let bufferPointers = unsafe UnsafeMutablePointer<UnsafeRawPointer?>.allocate(
      capacity: max(1, buffers.count))
    unsafe bufferPointers.initialize(from: buffers, count: buffers.count)
    let childPointers = unsafe UnsafeMutablePointer<UnsafeMutablePointer<ArrowArray>?>.allocate(
      capacity: max(1, children.count))
    for index in unsafe children.indices {
      unsafe childPointers[index] = unsafe made(by: children[index])
    }
    unsafe target.initialize(
      to: ArrowArray(
        length: Int64(length), null_count: Int64(nullCount), offset: Int64(offset),
        n_buffers: Int64(buffers.count), n_children: Int64(children.count),
        buffers: bufferPointers, children: childPointers,
        dictionary: dictionary.map { unsafe made(by: $0) }, release: releaseArray,
        private_data: Unmanaged.passRetained(holder).toOpaque()))
  }

  private static func made(
    by fill: (UnsafeMutablePointer<ArrowArray>) -> Void
  ) -> UnsafeMutablePointer<ArrowArray> {
    let pointer = UnsafeMutablePointer<ArrowArray>.allocate(capacity: 1)
    unsafe fill(pointer)
    return unsafe pointer
  }

  /// Keeps the owners of an exported array's memory.
  private final class Holder {
    let owners: [AnyObject]
    let ledger = ArrowLedger.current

    init(owners: [AnyObject]) {
      self.owners = owners
      ledger.noteLent()
    }
  }

  private static let releaseArray: @convention(c) (UnsafeMutablePointer<ArrowArray>?) -> Void = {
    unsafe release($0)
  }

  private static func release(_ array: UnsafeMutablePointer<ArrowArray>?) {
    guard let array = unsafe array, unsafe array.pointee.release != nil else { return }
    for index in 0..<(unsafe Int(array.pointee.n_children)) {
      if let child = unsafe array.pointee.children?[index] { unsafe releaseAndFree(child) }
    }
    if let dictionary = unsafe array.pointee.dictionary { unsafe releaseAndFree(dictionary) }
    unsafe array.pointee.children?.deallocate()
    unsafe array.pointee.buffers?.deallocate()
    if let holder = unsafe array.pointee.private_data {
      unsafe Unmanaged<Holder>.fromOpaque(holder).takeRetainedValue().ledger.noteReturned()
    }
    unsafe array.pointee.release = nil
  }

  private static func releaseAndFree(_ array: UnsafeMutablePointer<ArrowArray>) {
    if let release = unsafe array.pointee.release { unsafe release(array) }
    unsafe array.deallocate()
  }
}

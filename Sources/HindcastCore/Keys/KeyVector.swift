/// Normalised record identifiers, one a row: byte strings whose bytewise order is the order of
/// keys.
///
/// ```
/// integers, date, timestamp   8 bytes big-endian, sign bit flipped (uint64: not flipped)
/// bool                        1 byte, 0 or 1
/// utf8, binary                bytes with 00 written as 00 FF, then 00 00
/// several components          one after the other
/// ```
/// A key of one 8-byte component lies in `prefixes` alone; longer and shorter keys also have their
/// bytes in a heap, and their first eight bytes, padded with zeros, in `prefixes`.
public struct KeyVector: Sendable {
  /// The number of keys.
  public let count: Int
  /// The first eight bytes of each key as a big-endian number (`UInt64` each).
  public let prefixes: Buffer
  /// The keys' bytes; nil if every key is exactly its prefix.
  public let heap: Heap?

  /// Keys' bytes one after the other.
  public struct Heap: Sendable {
    /// `Int` x (count + 1), from 0.
    public let offsets: Buffer
    /// The bytes.
    public let bytes: Buffer

    /// Creates a heap.
    public init(offsets: Buffer, bytes: Buffer) {
      self.offsets = offsets
      self.bytes = bytes
    }
  }

  /// Creates a vector from its parts.
  public init(count: Int, prefixes: Buffer, heap: Heap? = nil) {
    precondition(prefixes.byteCount >= 8 * count)
    precondition((heap?.offsets.byteCount ?? .max) >= 8 * (count + 1))
    self.count = count
    self.prefixes = prefixes
    self.heap = heap
  }

  /// Creates a vector of variable-length keys from a heap; computes the prefixes.
  ///
  /// O(count).
  public init(count: Int, heap: Heap) {
    var prefixes = MutableBuffer(byteCount: 8 * count)
    var target = prefixes.mutableSpan(of: UInt64.self)
    let offsets = heap.offsets.span(of: Int.self)
    let bytes = heap.bytes.span(of: UInt8.self)
    for index in 0..<count {
      let start = offsets[index]
      let length = min(8, offsets[index + 1] - start)
      var prefix: UInt64 = 0
      for byte in 0..<length { prefix |= UInt64(bytes[start + byte]) << UInt64(56 - 8 * byte) }
      target[index] = prefix
    }
    self.init(count: count, prefixes: prefixes.freeze(), heap: heap)
  }
}

extension KeyVector {
  /// The bytes of key `index`.
  public func bytes(_ index: Int) -> [UInt8] {
    guard let heap else {
      return prefixBytes(prefixes.span(of: UInt64.self)[index])
    }
    let offsets = heap.offsets.span(of: Int.self)
    let bytes = heap.bytes.span(of: UInt8.self)
    return (offsets[index]..<offsets[index + 1]).map { bytes[$0] }
  }

  /// Compares key `index` with key `otherIndex` of `other`: negative, zero or positive.
  ///
  /// Both vectors must be of one group. O(1) where the prefixes differ or are all there is.
  @inlinable
  public func compare(_ index: Int, _ other: KeyVector, _ otherIndex: Int) -> Int {
    let a = prefixes.span(of: UInt64.self)[index]
    let b = other.prefixes.span(of: UInt64.self)[otherIndex]
    if a != b { return a < b ? -1 : 1 }
    guard let heap, let otherHeap = other.heap else { return 0 }
    return Self.compare(heap, index, otherHeap, otherIndex)
  }

  /// Compares the whole bytes of two keys.
  @usableFromInline static func compare(
    _ a: Heap, _ aIndex: Int, _ b: Heap, _ bIndex: Int
  ) -> Int {
    let aOffsets = a.offsets.span(of: Int.self)
    let bOffsets = b.offsets.span(of: Int.self)
    let aStart = aOffsets[aIndex]
    let bStart = bOffsets[bIndex]
    let aCount = aOffsets[aIndex + 1] - aStart
    let bCount = bOffsets[bIndex + 1] - bStart
    let aBytes = a.bytes.span(of: UInt8.self)
    let bBytes = b.bytes.span(of: UInt8.self)
    for index in 0..<min(aCount, bCount) {
      let (x, y) = (aBytes[aStart + index], bBytes[bStart + index])
      if x != y { return x < y ? -1 : 1 }
    }
    return aCount - bCount
  }

  private func prefixBytes(_ prefix: UInt64) -> [UInt8] {
    (0..<8).map { UInt8(truncatingIfNeeded: prefix >> UInt64(56 - 8 * $0)) }
  }
}

import HindcastCore

/// The body of a *packed* node: a base, and what each value is above it in `bits` bits.
struct PackedNode<T: NodeInteger>: Sendable {
  let bits: Int
  let base: T
  private let words: Range<Int>

  init(_ header: NodeHeader, _ cursor: inout NodeCursor) throws(NodeFault) {
    bits = Int(header.parameter)
    guard bits >= 1, bits <= min(64, 8 * T.byteCount) else {
      throw cursor.bad("a packed node has \(bits) bits a value")
    }
    base = try cursor.scalar(T.self)
    words = try cursor.takeWords(header.count, bits: bits)
  }

  func decode(_ content: RawSpan, _ range: Range<Int>, into target: inout MutableSpan<T>) {
    unpack(
      content.extracting(words), from: range.lowerBound, bits: bits, base: base, into: &target)
  }

  func value(_ content: RawSpan, at index: Int) -> T {
    let bits = UInt64(truncatingIfNeeded: self.bits)
    let bit = index &* self.bits
    let shift = UInt64(truncatingIfNeeded: bit & 63)
    let start = words.lowerBound &+ (bit &>> 6) &* 8
    precondition(bit >= 0 && start < words.upperBound)
    var value = content.load(start, as: UInt64.self) &>> shift
    if shift &+ bits > 64 { value |= content.load(start &+ 8, as: UInt64.self) &<< (64 &- shift) }
    if bits < 64 { value &= 1 &<< bits &- 1 }
    return base &+ T(truncatingIfNeeded: value)
  }
}

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
      content.extracting(words), bits: bits, base: base, from: range.lowerBound, into: &target)
  }

  func value(_ content: RawSpan, at index: Int) -> T {
    unpackedValue(content.extracting(words), bits: bits, base: base, at: index)
  }
}

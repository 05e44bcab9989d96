import HindcastCore

/// The body of an *alp* node: decimals as integers, to be divided by a power of ten.
final class ALPNode<T: NodeInteger>: Sendable {
  let exponent: Int
  let integers: IntegerNode<T>

  init(_ header: NodeHeader, _ cursor: inout NodeCursor, depth: Int) throws(NodeFault) {
    exponent = Int(header.parameter)
    guard exponent <= PowersOfTen.greatest(T.self) else {
      throw cursor.bad("an alp node has the exponent \(exponent)")
    }
    integers = try IntegerNode(&cursor, count: header.count, depth: depth + 1)
  }

  func decode(
    _ content: RawSpan, _ range: Range<Int>, into target: inout MutableSpan<T>
  ) throws(NodeFault) {
    try integers.decode(content, range, into: &target)
    decodeDecimals(&target, exponent: exponent)
  }

  func value(_ content: RawSpan, at index: Int) throws(NodeFault) -> T {
    decimalBits(try integers.value(content, at: index), exponent: exponent)
  }
}

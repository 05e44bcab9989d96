import HindcastCore

/// The body of an *alp-rd* node: floats cut in two, the left bits of which are few different ones.
final class ALPRDNode<T: NodeInteger>: Sendable {
  let rightBits: Int
  let left: IntegerNode<UInt16>
  let right: IntegerNode<T>

  init(_ header: NodeHeader, _ cursor: inout NodeCursor, depth: Int) throws(NodeFault) {
    rightBits = Int(header.parameter)
    guard rightBits >= max(1, T.bitWidth - 16), rightBits < T.bitWidth else {
      throw cursor.bad("an alp-rd node has \(rightBits) right bits")
    }
    left = try IntegerNode<UInt16>(&cursor, count: header.count, depth: depth + 1)
    right = try IntegerNode(&cursor, count: header.count, depth: depth + 1)
  }

  func decode(
    _ content: RawSpan, _ range: Range<Int>, into target: inout MutableSpan<T>
  ) throws(NodeFault) {
    var buffer = MutableBuffer(byteCount: range.count * 2)
    var lefts = buffer.mutableSpan(of: UInt16.self)
    try left.decode(content, range, into: &lefts)
    try right.decode(content, range, into: &target)
    joinFloats(lefts.span, rightBits: rightBits, into: &target)
  }

  func value(_ content: RawSpan, at index: Int) throws(NodeFault) -> T {
    let left = T(truncatingIfNeeded: try self.left.value(content, at: index))
    return left &<< T(truncatingIfNeeded: rightBits) &+ (try right.value(content, at: index))
  }
}

/// Puts the left bits above the right ones.
@specialized(where T == UInt32)
@specialized(where T == UInt64)
package func joinFloats<T: NodeInteger>(
  _ lefts: Span<UInt16>, rightBits: Int, into target: inout MutableSpan<T>
) {
  precondition(lefts.count == target.count)
  let shift = T(truncatingIfNeeded: rightBits)
  for index in target.indices {
    unsafe target[unchecked: index] &+= T(truncatingIfNeeded: lefts[unchecked: index]) &<< shift
  }
}

import HindcastCore

/// The body of a *scaled* node: numbers as multiples of a factor above a base.
final class ScaledNode<T: NodeInteger>: Sendable {
  private let base: T
  private let factor: T
  private let quotients: IntegerNode<T>

  init(_ header: NodeHeader, _ cursor: inout NodeCursor, depth: Int) throws(NodeFault) {
    guard header.count >= 1 else { throw cursor.bad("a scaled node has no values") }
    base = try cursor.scalar(T.self)
    factor = try cursor.scalar(T.self)
    guard factor >= 2 else { throw cursor.bad("a scaled node has the factor \(factor)") }
    quotients = try IntegerNode(&cursor, count: header.count, depth: depth + 1)
    if case .scaled = quotients { throw cursor.unknownEncoding("scaled in scaled") }
  }

  func decode(
    _ content: RawSpan, _ range: Range<Int>, into target: inout MutableSpan<T>
  ) throws(NodeFault) {
    try quotients.decode(content, range, into: &target)
    scale(&target, base: base, factor: factor)
  }

  func value(_ content: RawSpan, at index: Int) throws(NodeFault) -> T {
    base &+ factor &* (try quotients.value(content, at: index))
  }

  var description: String { "scaled:\(factor)(\(quotients.description))" }
}

/// Turns quotients into values, in place.
private func scale<T: NodeInteger>(_ target: inout MutableSpan<T>, base: T, factor: T) {
  for index in target.indices {
    unsafe target[unchecked: index] = base &+ factor &* target[unchecked: index]
  }
}

import HindcastCore

/// The body of a *delta* node: in each block of 128 values the first, and differences after it.
final class DeltaNode<T: NodeInteger>: Sendable {
  let bases: IntegerNode<T>
  let deltas: IntegerNode<T>

  static var block: Int { Limits.deltaBlock }

  static func blockCount(_ count: Int) -> Int { (count + block - 1) / block }

  init(_ header: NodeHeader, _ cursor: inout NodeCursor, depth: Int) throws(NodeFault) {
    let count = header.count
    guard count >= 1 else { throw cursor.bad("a delta node has no values") }
    bases = try Self.child(&cursor, count: Self.blockCount(count), depth: depth + 1)
    deltas = try Self.child(&cursor, count: count, depth: depth + 1)
  }

  private static func child(
    _ cursor: inout NodeCursor, count: Int, depth: Int
  ) throws(NodeFault) -> IntegerNode<T> {
    let node = try IntegerNode<T>(&cursor, count: count, depth: depth)
    guard node.isPositional else { throw cursor.unknownEncoding("\(node.description) in delta") }
    return node
  }

  func decode(
    _ content: RawSpan, _ range: Range<Int>, into target: inout MutableSpan<T>
  ) throws(NodeFault) {
    let first = range.lowerBound / Self.block
    // Values before the range in its first block have to be summed, too.
    let skipped = range.lowerBound - first * Self.block
    var bases = MutableBuffer(
      byteCount: (Self.blockCount(range.upperBound) - first) * T.byteCount)
    var baseSpan = bases.mutableSpan(of: T.self)
    try self.bases.decode(content, first..<first + baseSpan.count, into: &baseSpan)
    if skipped == 0 {
      try deltas.decode(content, range, into: &target)
      prefixSums(bases: bases.span(of: T.self), into: &target)
      return
    }
    var whole = MutableBuffer(byteCount: (skipped + range.count) * T.byteCount)
    var wholeSpan = whole.mutableSpan(of: T.self)
    try deltas.decode(content, first * Self.block..<range.upperBound, into: &wholeSpan)
    prefixSums(bases: bases.span(of: T.self), into: &wholeSpan)
    for index in target.indices { target[index] = wholeSpan[skipped + index] }
  }

  func value(_ content: RawSpan, at index: Int) throws(NodeFault) -> T {
    let start = index / Self.block * Self.block
    let base = try bases.value(content, at: index / Self.block)
    return base &+ (try deltaSum(content, start + 1..<index + 1))
  }

  /// The sum of at most 127 deltas.
  private func deltaSum(_ content: RawSpan, _ range: Range<Int>) throws(NodeFault) -> T {
    switch deltas {
    case .constant(let delta): return delta &* T(truncatingIfNeeded: range.count)
    default:
      var scratch = InlineArray<128, T>(repeating: 0)
      var span = scratch.mutableSpan
      var target = span._mutatingExtracting(0..<range.count)
      try deltas.decode(content, range, into: &target)
      return wrappingSum(target.span)
    }
  }

  /// Neighbouring positions of one block share its decoding; they need not ascend, as those of the
  /// elements of a list that is taken twice do not.
  func take(
    _ content: RawSpan, _ positions: Span<Int32>, into target: inout MutableSpan<T>
  ) throws(NodeFault) {
    var index = 0
    while index < positions.count {
      let start = Int(positions[index]) / Self.block * Self.block
      var end = index + 1
      var last = Int(positions[index])
      while end < positions.count, Int(positions[end]) >= start,
        Int(positions[end]) < start + Self.block
      {
        last = max(last, Int(positions[end]))
        end += 1
      }
      if end == index + 1 {
        target[index] = try value(content, at: Int(positions[index]))
      } else {
        var scratch = InlineArray<128, T>(repeating: 0)
        var span = scratch.mutableSpan
        var block = span._mutatingExtracting(0..<last + 1 - start)
        try decode(content, start..<last + 1, into: &block)
        for place in index..<end { target[place] = block[Int(positions[place]) - start] }
      }
      index = end
    }
  }
}

import HindcastCore

extension IntegerNode {
  /// The first index of `range` whose value is over `bound`, or the range's end.
  ///
  /// Values must ascend within the range in the order of `kind`. O(log values), and at most 128
  /// differences decoded.
  func upperBound(
    _ content: RawSpan, _ range: Range<Int>, _ bound: T, kind: NumberKind
  ) throws(NodeFault) -> Int {
    if case .delta(let node) = self {
      return try node.upperBound(content, range, bound, kind: kind)
    }
    let flip = kind.flip(T.self)
    var (low, high) = (range.lowerBound, range.upperBound)
    while low < high {
      let middle = (low + high) / 2
      if try value(content, at: middle) ^ flip <= bound ^ flip {
        low = middle + 1
      } else {
        high = middle
      }
    }
    return low
  }
}

extension DeltaNode {
  /// Finds the block by its bases, and searches the values of that one alone.
  func upperBound(
    _ content: RawSpan, _ range: Range<Int>, _ bound: T, kind: NumberKind
  ) throws(NodeFault) -> Int {
    guard !range.isEmpty else { return range.lowerBound }
    let first = range.lowerBound / Self.block
    let last = (range.upperBound - 1) / Self.block
    // The blocks after the first begin with a value of the range.
    let block =
      try bases.upperBound(content, first + 1..<last + 1, bound, kind: kind) - 1
    let start = block * Self.block
    let end = min(range.upperBound, start + Self.block)
    var scratch = InlineArray<128, T>(repeating: 0)
    var span = scratch.mutableSpan
    var values = span._mutatingExtracting(0..<end - start)
    try decode(content, start..<end, into: &values)
    let flip = kind.flip(T.self)
    var (low, high) = (max(range.lowerBound, start), end)
    while low < high {
      let middle = (low + high) / 2
      if values[middle - start] ^ flip <= bound ^ flip { low = middle + 1 } else { high = middle }
    }
    return low
  }
}

extension BytesNode {
  /// The first of `count` values that is over `bound`, or `count`.
  ///
  /// Values must ascend in bytewise order. O(log count) values read.
  func upperBound(_ content: Buffer, count: Int, _ bound: RawSpan) throws(NodeFault) -> Int {
    var scratch = MutableBuffer()
    var (low, high) = (0, count)
    while low < high {
      let middle = (low + high) / 2
      scratch.resize(byteCount: 0)
      try append(content.bytes, at: middle, to: &scratch)
      if isAtMost(scratch.span(of: UInt8.self), bound) { low = middle + 1 } else { high = middle }
    }
    return low
  }
}

/// Whether `a` stands at or before `b` in bytewise order, shorter first.
private func isAtMost(_ a: Span<UInt8>, _ b: RawSpan) -> Bool {
  for index in 0..<min(a.count, b.byteCount) {
    let other = b.load(index, as: UInt8.self)
    if a[index] != other { return a[index] < other }
  }
  return a.count <= b.byteCount
}

import HindcastCore

/// The body of a *run-length* node of numbers: a value and an end for each run.
final class RunLengthNode<T: NodeInteger>: Sendable {
  private let values: IntegerNode<T>
  private let ends: RunEnds

  init(_ header: NodeHeader, _ cursor: inout NodeCursor, depth: Int) throws(NodeFault) {
    let runCount = try cursor.peekCount(atMost: header.count, of: "runs", depth: depth + 1)
    values = try IntegerNode(&cursor, count: runCount, depth: depth + 1)
    ends = try RunEnds(&cursor, runCount: runCount, count: header.count, depth: depth + 1)
  }

  func decode(
    _ content: RawSpan, _ range: Range<Int>, into target: inout MutableSpan<T>
  ) throws(NodeFault) {
    let first = ends.run(of: range.lowerBound)
    let last = ends.run(of: range.upperBound - 1)
    var buffer = MutableBuffer(byteCount: (last - first + 1) * T.byteCount)
    var values = buffer.mutableSpan(of: T.self)
    try self.values.decode(content, first..<last + 1, into: &values)
    let ends = self.ends.ends
    expandRuns(
      values.span, ends.span(of: UInt32.self).extracting(first..<last + 1),
      from: range.lowerBound, into: &target)
  }

  func value(_ content: RawSpan, at index: Int) throws(NodeFault) -> T {
    try values.value(content, at: ends.run(of: index))
  }

  var description: String {
    "run-length[\(ends.count)](\(values.description), \(ends.description))"
  }
}

/// Where each run ends: strictly increasing, the last at the end of the node.
struct RunEnds: Sendable {
  /// `UInt32`, checked.
  let ends: Buffer
  let node: IntegerNode<UInt32>

  var description: String { node.description }

  var count: Int { ends.byteCount / 4 }

  init(
    _ cursor: inout NodeCursor, runCount: Int, count: Int, depth: Int
  ) throws(NodeFault) {
    node = try IntegerNode(&cursor, count: runCount, depth: depth)
    ends = try node.decoded(cursor.content, count: runCount)
    let span = ends.span(of: UInt32.self)
    var previous: UInt32 = 0
    for index in span.indices {
      guard span[index] > previous else { throw cursor.bad("run ends do not increase") }
      previous = span[index]
    }
    guard Int(previous) == count else {
      throw cursor.bad("the last run does not end with the node")
    }
  }

  /// The run that `index` is in.
  func run(of index: Int) -> Int {
    let ends = self.ends.span(of: UInt32.self)
    var (low, high) = (0, ends.count - 1)
    while low < high {
      let middle = (low &+ high) >> 1
      if Int(ends[middle]) <= index { low = middle &+ 1 } else { high = middle }
    }
    return low
  }
}

/// Adds a *run-length* node of numbers that has `runCount` runs.
func writeRunLength<T: NodeInteger>(
  _ values: Span<T>, runCount: Int, kind: NumberKind, _ writer: NodeWriter,
  to out: inout MutableBuffer
) {
  NodeHeader.write(.runLength, count: values.count, to: &out)
  var runs = MutableBuffer(byteCount: runCount * T.byteCount)
  var ends = MutableBuffer(byteCount: runCount * 4)
  var runSpan = runs.mutableSpan(of: T.self)
  var endSpan = ends.mutableSpan(of: UInt32.self)
  var run = 0
  for index in 1..<values.count where values[index] != values[index - 1] {
    runSpan[run] = values[index - 1]
    endSpan[run] = UInt32(index)
    run += 1
  }
  runSpan[run] = values[values.count - 1]
  endSpan[run] = UInt32(values.count)
  let children = (writer.child(of: .runLength), writer.child(1, of: .runLength))
  children.0.writeIntegers(runs.span(of: T.self), kind: kind, to: &out)
  children.1.writeIntegers(ends.span(of: UInt32.self), kind: .unsigned, to: &out)
}

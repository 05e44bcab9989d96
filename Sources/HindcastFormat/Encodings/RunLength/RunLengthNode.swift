import HindcastCore

/// Decodes the body of a *run-length* node of numbers.
func decodeRunLength<T: NodeInteger>(
  _ header: NodeHeader, _ cursor: inout NodeCursor, depth: Int, into target: inout MutableSpan<T>
) throws(HindcastError) {
  let runCount = try cursor.peekHeader().count
  guard runCount >= 1, runCount <= header.count else {
    throw cursor.bad("a run-length node has \(runCount) runs of \(header.count) values")
  }
  var values = MutableBuffer(byteCount: runCount * T.byteCount)
  var valueSpan = values.mutableSpan(of: T.self)
  try decodeIntegers(&cursor, count: runCount, depth: depth + 1, into: &valueSpan)
  let ends = try decodeRunEnds(&cursor, runCount: runCount, count: header.count, depth: depth)
  expandRuns(values.span(of: T.self), ends.span(of: UInt32.self), into: &target)
}

/// Decodes run ends: strictly increasing, from above 0 to exactly `count`.
func decodeRunEnds(
  _ cursor: inout NodeCursor, runCount: Int, count: Int, depth: Int
) throws(HindcastError) -> Buffer {
  var buffer = MutableBuffer(byteCount: runCount * 4)
  var ends = buffer.mutableSpan(of: UInt32.self)
  try decodeIntegers(&cursor, count: runCount, depth: depth + 1, into: &ends)
  var previous: UInt32 = 0
  for index in ends.indices {
    guard ends[index] > previous else { throw cursor.bad("run ends do not increase") }
    previous = ends[index]
  }
  guard Int(previous) == count else { throw cursor.bad("the last run does not end with the node") }
  return buffer.freeze()
}

/// Writes each run's value over its places; `ends` must be checked.
private func expandRuns<T: NodeInteger>(
  _ values: Span<T>, _ ends: Span<UInt32>, into target: inout MutableSpan<T>
) {
  var start = 0
  for run in ends.indices {
    let end = Int(ends[run])
    let value = values[run]
    precondition(end <= target.count)
    for index in start..<end { unsafe target[unchecked: index] = value }
    start = end
  }
}

/// Adds a *run-length* node of numbers that has `runCount` runs.
func writeRunLength<T: NodeInteger>(
  _ values: Span<T>, runCount: Int, flip: T, depth: Int, to out: inout MutableBuffer
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
  writeIntegers(runs.span(of: T.self), flip: flip, depth: depth + 1, to: &out)
  writeIntegers(ends.span(of: UInt32.self), flip: 0, depth: depth + 1, to: &out)
}

import HindcastCore

/// Decodes the body of a *dictionary* node of numbers.
func decodeDictionary<T: NodeInteger>(
  _ header: NodeHeader, _ cursor: inout NodeCursor, depth: Int, into target: inout MutableSpan<T>
) throws(HindcastError) {
  let distinctCount = try decodeDistinctCount(&cursor, count: header.count)
  var values = MutableBuffer(byteCount: distinctCount * T.byteCount)
  var valueSpan = values.mutableSpan(of: T.self)
  try decodeIntegers(&cursor, count: distinctCount, depth: depth + 1, into: &valueSpan)
  let codes = try decodeCodes(
    &cursor, count: header.count, distinctCount: distinctCount, depth: depth)
  expandCodes(codes.span(of: UInt32.self), values.span(of: T.self), into: &target)
}

/// The number of values of the dictionary that comes next.
func decodeDistinctCount(
  _ cursor: inout NodeCursor, count: Int
) throws(HindcastError) -> Int {
  let distinctCount = try cursor.peekHeader().count
  guard distinctCount >= 1, distinctCount <= count else {
    throw cursor.bad("a dictionary has \(distinctCount) values for \(count) codes")
  }
  return distinctCount
}

/// Decodes the codes of a dictionary, each below `distinctCount`.
func decodeCodes(
  _ cursor: inout NodeCursor, count: Int, distinctCount: Int, depth: Int
) throws(HindcastError) -> Buffer {
  var buffer = MutableBuffer(byteCount: count * 4)
  var codes = buffer.mutableSpan(of: UInt32.self)
  try decodeIntegers(&cursor, count: count, depth: depth + 1, into: &codes)
  var greatest: UInt32 = 0
  for index in codes.indices { greatest = max(greatest, codes[index]) }
  guard Int(greatest) < distinctCount else { throw cursor.bad("a code is beyond its dictionary") }
  return buffer.freeze()
}

/// Looks up each code, which must be checked.
private func expandCodes<T: NodeInteger>(
  _ codes: Span<UInt32>, _ values: Span<T>, into target: inout MutableSpan<T>
) {
  precondition(codes.count == target.count)
  for index in codes.indices {
    unsafe target[unchecked: index] = values[unchecked: Int(codes[unchecked: index])]
  }
}

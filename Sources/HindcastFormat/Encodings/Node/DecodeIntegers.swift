import HindcastCore

/// Decodes the next node, of shape int or wide, over all of `target`.
func decodeIntegers<T: NodeInteger>(
  _ cursor: inout NodeCursor, count: Int, depth: Int, into target: inout MutableSpan<T>
) throws(HindcastError) {
  precondition(target.count == count)
  let header = try cursor.header(count: count, depth: depth)
  guard header.encoding == .packed || header.parameter == 0 else {
    throw cursor.bad("a \(header.encoding.name) node has a parameter")
  }
  switch header.encoding {
  case .constant:
    guard count >= 1 else { throw cursor.bad("a constant node has no values") }
    let value = try cursor.scalar(T.self)
    target.update(repeating: value)
  case .plain: try decodePlain(&cursor, into: &target)
  case .packed: try decodePacked(header, &cursor, into: &target)
  case .delta where !T.isWide: try decodeDelta(header, &cursor, depth: depth, into: &target)
  case .runLength where !T.isWide:
    try decodeRunLength(header, &cursor, depth: depth, into: &target)
  case .dictionary: try decodeDictionary(header, &cursor, depth: depth, into: &target)
  default: throw cursor.unknownEncoding(header.encoding.name)
  }
}

/// Decodes the body of a *plain* node of numbers: a copy.
func decodePlain<T: NodeInteger>(
  _ cursor: inout NodeCursor, into target: inout MutableSpan<T>
) throws(HindcastError) {
  let range = try cursor.take(target.count * T.byteCount)
  let bytes = cursor.content.bytes.extracting(range)
  for index in target.indices {
    unsafe target[unchecked: index] = bytes.unsafeLoadUnaligned(
      fromUncheckedByteOffset: index &* T.byteCount, as: T.self)
  }
}

import HindcastCore

/// Decodes the body of a *delta* node.
func decodeDelta<T: NodeInteger>(
  _ header: NodeHeader, _ cursor: inout NodeCursor, depth: Int, into target: inout MutableSpan<T>
) throws(HindcastError) {
  guard header.count >= 1 else { throw cursor.bad("a delta node has no values") }
  let first = try cursor.scalar(T.self)
  let child = try cursor.peekHeader().encoding
  guard child == .constant || child == .plain || child == .packed else {
    throw cursor.unknownEncoding("\(child.name) as deltas")
  }
  target[0] = first
  var deltas = target._mutatingExtracting(1...)
  try decodeIntegers(&cursor, count: header.count - 1, depth: depth + 1, into: &deltas)
  sumDeltas(first, &deltas)
}

/// Turns differences into values.
private func sumDeltas<T: NodeInteger>(_ first: T, _ deltas: inout MutableSpan<T>) {
  var value = first
  for index in deltas.indices {
    unsafe value &+= deltas[unchecked: index]
    unsafe deltas[unchecked: index] = value
  }
}

/// Adds a *delta* node; its child is chosen among the flat encodings.
func writeDelta<T: NodeInteger>(_ values: Span<T>, depth: Int, to out: inout MutableBuffer) {
  NodeHeader.write(.delta, count: values.count, to: &out)
  values[0].putScalar(to: &out)
  var deltas = MutableBuffer(byteCount: (values.count - 1) * T.byteCount)
  var target = deltas.mutableSpan(of: T.self)
  for index in target.indices { target[index] = values[index + 1] &- values[index] }
  writeFlat(deltas.span(of: T.self), flip: 1 &<< T(T.bitWidth - 1), to: &out)
}

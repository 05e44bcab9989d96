import HindcastCore

/// The tree of encodings of the next node, which is skipped.
func describeNode(_ cursor: inout NodeCursor, type: DataType) throws(HindcastError) -> String {
  let header = try cursor.header(depth: 1)
  switch header.encoding {
  case .null: return "null"
  case .nullable:
    let validity = try describeValues(&cursor, .bool, depth: 1)
    let values = try describeValues(&cursor, type, depth: 1)
    return "nullable(\(validity), \(values))"
  default: return try describeBody(header, &cursor, type, depth: 1)
  }
}

private func describeValues(
  _ cursor: inout NodeCursor, _ type: DataType, depth: Int
) throws(HindcastError) -> String {
  try describeBody(try cursor.header(depth: depth), &cursor, type, depth: depth)
}

/// Describes and skips the body of a node of values of `type`; counts and the like are `uint32`.
private func describeBody(
  _ header: NodeHeader, _ cursor: inout NodeCursor, _ type: DataType, depth: Int
) throws(HindcastError) -> String {
  let name = header.encoding.name
  switch header.encoding {
  case .constant:
    try skipScalar(&cursor, type)
    return name
  case .plain:
    guard type.layout == .bytes else {
      try skipPlain(header.count, &cursor, type)
      return name
    }
    let lengths = try describeValues(&cursor, .uint32, depth: depth + 1)
    _ = try cursor.take(try cursor.length())
    return "\(name)(\(lengths))"
  case .packed:
    try skipScalar(&cursor, type)
    _ = try cursor.takeWords(header.count, bits: Int(header.parameter))
    return "\(name):\(header.parameter)"
  case .delta:
    try skipScalar(&cursor, type)
    return "\(name)(\(try describeValues(&cursor, type, depth: depth + 1)))"
  case .runLength:
    let runCount = try cursor.peekHeader().count
    var parts: [String] = []
    if type.layout != .bits { parts.append(try describeValues(&cursor, type, depth: depth + 1)) }
    parts.append(try describeValues(&cursor, .uint32, depth: depth + 1))
    return "\(name)[\(runCount)](\(parts.joined(separator: ", ")))"
  case .dictionary:
    let distinctCount = try cursor.peekHeader().count
    let values = try describeValues(&cursor, type, depth: depth + 1)
    let codes = try describeValues(&cursor, .uint32, depth: depth + 1)
    return "\(name)[\(distinctCount)](\(values), \(codes))"
  case .bitmap:
    _ = try cursor.takeWords(header.count, bits: 1)
    return name
  case .list:
    let lengths = try describeValues(&cursor, .uint32, depth: 1)
    return "\(name)(\(lengths), \(try describeNode(&cursor, type: type.element ?? .bool)))"
  case .null, .nullable: throw cursor.unknownEncoding(name)
  }
}

private func skipScalar(_ cursor: inout NodeCursor, _ type: DataType) throws(HindcastError) {
  switch type.layout {
  case .bits: _ = try cursor.take(8)
  case .fixed(let width): _ = try cursor.take(max(8, width))
  case .bytes: _ = try cursor.take(try cursor.length())
  case .list: throw cursor.unknownEncoding("constant")
  }
}

private func skipPlain(
  _ count: Int, _ cursor: inout NodeCursor, _ type: DataType
) throws(HindcastError) {
  guard case .fixed(let width) = type.layout else { throw cursor.unknownEncoding("plain") }
  let (byteCount, overflow) = count.multipliedReportingOverflow(by: width)
  guard !overflow else { throw cursor.bad("a node has too many values") }
  _ = try cursor.take(byteCount)
}

import HindcastCore

/// Decodes the next node, at the root of a page or as the elements of a list, to a column.
///
/// `count` must be proven within the page's limit for the type.
func decodeColumn(
  _ cursor: inout NodeCursor, type: DataType, count: Int, isNullable: Bool
) throws(HindcastError) -> Column {
  let encoding = try cursor.peekHeader().encoding
  switch encoding {
  case .null where isNullable:
    let header = try cursor.header(count: count, depth: 1)
    guard header.parameter == 0 else { throw cursor.bad("a null node has a parameter") }
    return Column.allNull(type: type, count: count)
  case .nullable where isNullable:
    let header = try cursor.header(count: count, depth: 1)
    guard header.parameter == 0 else { throw cursor.bad("a nullable node has a parameter") }
    let validity = try decodeBools(&cursor, count: count, depth: 1)
    let nullCount = count - Bits.population(validity.span(of: UInt8.self), count: count)
    guard nullCount > 0 else { throw cursor.bad("a nullable node has no nulls") }
    let body = try decodeBody(&cursor, type: type, count: count)
    try checkLengthsUnderNulls(body, validity, count: count, cursor)
    return Column(type: type, count: count, nullCount: nullCount, validity: validity, body: body)
  default:
    let body = try decodeBody(&cursor, type: type, count: count)
    return Column(type: type, count: count, nullCount: 0, validity: nil, body: body)
  }
}

private func decodeBody(
  _ cursor: inout NodeCursor, type: DataType, count: Int
) throws(HindcastError) -> Column.Body {
  switch type.layout {
  case .bits: return .bits(try decodeBools(&cursor, count: count, depth: 1))
  case .fixed(let width):
    if case .vector = type {
      return .fixed(try decodeFixed(&cursor, count: count, stride: width, depth: 1))
    }
    return .fixed(try decodeNumbers(&cursor, width: width, count: count))
  case .bytes:
    let values = try decodeBytes(&cursor, count: count, depth: 1)
    return .bytes(offsets: values.offsets, data: values.data)
  case .list: return try decodeList(&cursor, element: type.element ?? .bool, count: count)
  }
}

private func decodeNumbers(
  _ cursor: inout NodeCursor, width: Int, count: Int
) throws(HindcastError) -> Buffer {
  switch width {
  case 1: try decodeNumbers(&cursor, UInt8.self, count: count)
  case 2: try decodeNumbers(&cursor, UInt16.self, count: count)
  case 4: try decodeNumbers(&cursor, UInt32.self, count: count)
  case 8: try decodeNumbers(&cursor, UInt64.self, count: count)
  default: try decodeNumbers(&cursor, UInt128.self, count: count)
  }
}

private func decodeNumbers<T: NodeInteger>(
  _ cursor: inout NodeCursor, _: T.Type, count: Int
) throws(HindcastError) -> Buffer {
  var values = MutableBuffer(byteCount: count * T.byteCount)
  var target = values.mutableSpan(of: T.self)
  try decodeIntegers(&cursor, count: count, depth: 1, into: &target)
  return values.freeze()
}

/// Columns promise equal offsets under a null.
private func checkLengthsUnderNulls(
  _ body: Column.Body, _ validity: Buffer, count: Int, _ cursor: NodeCursor
) throws(HindcastError) {
  switch body {
  case .bytes(let offsets, _), .list(let offsets, _):
    let ends = offsets.span(of: Int32.self)
    let bits = validity.span(of: UInt8.self)
    for index in 0..<count where ends[index] != ends[index + 1] && !Bits.get(bits, index) {
      throw cursor.bad("a null has a length")
    }
  default: return
  }
}

extension Column {
  /// A column of nulls alone.
  static func allNull(type: DataType, count: Int) -> Column {
    let body: Body =
      switch type.layout {
      case .bits: .bits(MutableBuffer(byteCount: Bits.byteCount(count)).freeze())
      case .fixed(let width): .fixed(MutableBuffer(byteCount: count * width).freeze())
      case .bytes:
        .bytes(
          offsets: MutableBuffer(byteCount: 4 * (count + 1)).freeze(),
          data: MutableBuffer().freeze())
      case .list:
        .list(
          offsets: MutableBuffer(byteCount: 4 * (count + 1)).freeze(),
          child: allNull(type: type.element ?? .bool, count: 0))
      }
    return Column(
      type: type, count: count, nullCount: count,
      validity: MutableBuffer(byteCount: Bits.byteCount(count)).freeze(), body: body)
  }
}

import HindcastCore

/// Decodes the next node, of shape list.
func decodeList(
  _ cursor: inout NodeCursor, element: DataType, count: Int
) throws(HindcastError) -> Column.Body {
  let header = try cursor.header(count: count, depth: 1)
  guard header.encoding == .list else { throw cursor.unknownEncoding(header.encoding.name) }
  guard header.parameter == 0 else { throw cursor.bad("a list node has a parameter") }
  let offsets = try decodeOffsets(
    &cursor, count: count, depth: 1, limit: Limits.pageValueByteCount / element.leastByteCount)
  let total = Int(offsets.span(of: Int32.self)[count])
  let child = try decodeColumn(&cursor, type: element, count: total, isNullable: true)
  return .list(offsets: offsets, child: child)
}

extension DataType {
  /// The memory that a decoded value takes at least, in whole bytes.
  var leastByteCount: Int {
    switch layout {
    case .bits: 1
    case .fixed(let width): width
    case .bytes, .list: 4
    }
  }
}

/// Adds a *list* node.
func writeList(_ offsets: Buffer, child: Column, count: Int, to out: inout MutableBuffer) {
  NodeHeader.write(.list, count: count, to: &out)
  let lengths = offsetLengths(offsets, count: count)
  writeIntegers(lengths.span(of: UInt32.self), flip: 0, depth: 1, to: &out)
  writeColumn(child, to: &out)
}

import HindcastCore

/// The body of a *list* node: the lengths of lists or sets, and their elements.
struct ListNode: Sendable {
  let offsets: ValueOffsets
  let elements: ColumnNode

  init(_ cursor: inout NodeCursor, element: DataType, count: Int) throws(NodeFault) {
    let header = try cursor.header(count: count, depth: 1)
    guard header.encoding == .list else { throw cursor.unknownEncoding(header.encoding.name) }
    try cursor.expectNoParameter(header)
    offsets = try ValueOffsets(
      &cursor, count: count, depth: 1, limit: Limits.pageValueByteCount / element.leastByteCount)
    cursor.allowElements(offsets.total)
    elements = try ColumnNode(&cursor, type: element, count: offsets.total, isNullable: true)
  }

  func decode(_ content: Buffer) throws(NodeFault) -> Column.Body {
    .list(offsets: offsets.offsets, child: try elements.decode(content))
  }

  var description: String { "list(\(offsets.description), \(elements.description))" }
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

extension NodeWriter {
  /// Adds a *list* node.
  func writeList(_ offsets: Buffer, child: Column, count: Int, to out: inout MutableBuffer) {
    NodeHeader.write(.list, count: count, to: &out)
    let lengths = offsetLengths(offsets, count: count)
    part(of: .list).writeIntegers(lengths.span(of: UInt32.self), kind: .unsigned, to: &out)
    part(1, of: .list).writeColumn(child, to: &out)
  }
}

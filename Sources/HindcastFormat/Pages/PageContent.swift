package import HindcastCore

/// The content of a page by itself, for tests of the encodings.
package enum PageContent {
  /// The node that the writer chooses for a column.
  package static func encode(_ column: Column) -> Buffer {
    var nodes = MutableBuffer()
    writeColumn(column, to: &nodes)
    return nodes.freeze()
  }

  /// The column that a page's content is.
  package static func decode(
    _ content: Buffer, type: DataType, count: Int
  ) throws(HindcastError) -> Column {
    var cursor = NodeCursor(content, place: place)
    let column = try decodeColumn(&cursor, type: type, count: count, isNullable: true)
    guard cursor.isAtEnd else { throw cursor.bad("the page has bytes left over") }
    return column
  }

  /// The tree of encodings of a page's content.
  package static func describe(
    _ content: Buffer, type: DataType
  ) throws(HindcastError) -> String {
    var cursor = NodeCursor(content, place: place)
    return try describeNode(&cursor, type: type)
  }

  private static let place = Place(file: "(memory)", section: "page", byteOffset: 0, column: nil)
}

package import HindcastCore

/// The content of a page by itself, for tests of the encodings.
package enum PageContent {
  /// The node that the writer chooses for a column.
  package static func encode(
    _ column: Column, options: EncodingOptions = EncodingOptions()
  ) -> Buffer {
    var nodes = MutableBuffer()
    NodeWriter(options: options).writeColumn(column, to: &nodes)
    return nodes.freeze()
  }

  /// The nodes that the writer chooses for the pages of a column, one after the other.
  package static func encode(pages: [Column]) -> [Buffer] {
    let writer = NodeWriter(history: EncodingHistory())
    return pages.map { page in
      var nodes = MutableBuffer()
      writer.writeColumn(page, to: &nodes)
      return nodes.freeze()
    }
  }

  /// The column that a page's content is.
  package static func decode(
    _ content: Buffer, type: DataType, count: Int
  ) throws(HindcastError) -> Column {
    try page(content, type: type, count: count).decode()
  }

  /// The values at `positions`, ascending, read without decoding the others.
  package static func take(
    _ content: Buffer, type: DataType, count: Int, positions: [Int32]
  ) throws(HindcastError) -> Column {
    try page(content, type: type, count: count).take(positions.span)
  }

  /// The value at `index`, read without decoding the others.
  package static func value(
    _ content: Buffer, type: DataType, count: Int, at index: Int
  ) throws(HindcastError) -> Value {
    try page(content, type: type, count: count).value(at: index)
  }

  /// The tree of encodings of a page's content.
  package static func describe(
    _ content: Buffer, type: DataType, count: Int
  ) throws(HindcastError) -> String {
    try page(content, type: type, count: count).node.description
  }

  private static func page(
    _ content: Buffer, type: DataType, count: Int
  ) throws(HindcastError) -> EncodedPage {
    let place = Place(file: "(memory)", section: "page", byteOffset: 0, column: nil)
    return try EncodedPage(content, type: type, count: count, isNullable: true, place: place)
  }
}

import HindcastCore
import HindcastInterchange
import HindcastStore

/// Writes bad rows to a file of their own: where they were, what is wrong, and their cells as text.
///
/// The file is made with the first bad row, and shows only when it is complete.
struct RejectsWriter {
  private let path: String
  private let columns: [String]
  private let fields: [(name: String, type: DataType)]
  private var writer: TableWriter?

  init(path: String, plan: RowPlan) {
    self.path = path
    columns = plan.columns.map(\.name)
    let about: [(name: String, type: DataType)] = [
      ("reject_file", .utf8), ("reject_row", .int64), ("reject_reason", .utf8),
    ]
    fields = about + columns.map { ($0, .utf8) }
  }

  /// Writes the rows of a batch for which there are reasons, by their index in it.
  mutating func add(
    _ reasons: [Int: String], of source: [String: Column], file: String, firstRow: Int
  ) throws(HindcastError) {
    let writer: TableWriter
    if let open = self.writer { writer = open } else { writer = try open() }
    self.writer = writer
    let rows = reasons.keys.sorted()
    var result = [
      try Column(type: .utf8, values: rows.map { _ in .text(file) }),
      Column(type: .int64, rows.map { Int64(firstRow + $0 + 1) }),
      try Column(type: .utf8, values: rows.map { .text(reasons[$0] ?? "") }),
    ]
    for name in columns {
      let cells = rows.map { row -> Value in
        guard let column = source[name], !column.isNull(row) else { return .null }
        return .text(column[row].text(as: column.type))
      }
      result.append(try Column(type: .utf8, values: cells))
    }
    let columns = zip(fields, result).map { (name: $0.name, column: $1) }
    try writer.write(ArrowBatch(count: rows.count, columns: columns))
  }

  private func open() throws(HindcastError) -> TableWriter {
    try TableWriter(path: path, schema: ArrowSchemaReference(fields))
  }

  /// Makes the file complete, if there is one; without bad rows one of an earlier run is emptied.
  mutating func close() throws(HindcastError) {
    if writer == nil, try LocalFileSystem().status(path) != nil { writer = try open() }
    try writer?.close()
    writer = nil
  }

  /// Leaves no file.
  mutating func cancel() {
    writer?.cancel()
    writer = nil
  }
}

import HindcastCore
import HindcastInterchange

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
      ("reject_file", .utf8), ("reject_row", .int64), ("reject_column", .utf8),
      ("reject_reason", .utf8),
    ]
    fields = about + columns.map { ($0, .utf8) }
  }

  /// Writes the rows of a batch that have problems.
  mutating func add(
    _ problems: [RowProblem], of source: [String: Column], firstRow: Int
  ) throws(HindcastError) {
    let writer: TableWriter
    if let open = self.writer { writer = open } else { writer = try open() }
    self.writer = writer
    var result = [
      try Column(type: .utf8, values: problems.map { .text($0.file) }),
      Column(type: .int64, problems.map { Int64($0.row) }),
      try Column(type: .utf8, values: problems.map { .text($0.column) }),
      try Column(type: .utf8, values: problems.map { .text($0.reason) }),
    ]
    for name in columns {
      guard let column = source[name] else { continue }
      let cells = problems.map { problem -> Value in
        let row = problem.row - firstRow - 1
        return column.isNull(row) ? .null : .text(column[row].text(as: column.type))
      }
      result.append(try Column(type: .utf8, values: cells))
    }
    let columns = zip(fields, result).map { (name: $0.name, column: $1) }
    try writer.write(ArrowBatch(count: problems.count, columns: columns))
  }

  private func open() throws(HindcastError) -> TableWriter {
    try TableWriter(path: path, schema: ArrowSchemaReference(fields))
  }

  /// Makes the file complete, if there is one.
  mutating func close() throws(HindcastError) {
    try writer?.close()
    writer = nil
  }

  /// Leaves no file.
  mutating func cancel() {
    writer?.cancel()
    writer = nil
  }
}

import HindcastCore
import HindcastInterchange

/// The file of the labels that get other values: label columns, `label_row`, and each feature
/// column at both snapshots.
final class ChangedLabels {
  private static let rowName = "label_row"
  private let writer: TableWriter
  private let fields: [ArrowField]

  /// Creates the file under a temporary name.
  /// - Throws: `duplicate_name` if a label column has a name that is needed; as ``TableWriter``.
  init(
    _ options: BuildOptions, _ labels: ArrowSchemaReference,
    _ outputs: [(name: String, old: DataType, new: DataType)]
  ) throws(HindcastError) {
    let known = labels.fields.compactMap { field in
      field.type.map { (name: field.name, type: $0) }
    }
    let added =
      [(name: Self.rowName, type: DataType.int64)]
      + outputs.flatMap { output in
        [
          (name: output.name + "__old", type: output.old),
          (name: output.name + "__new", type: output.new),
        ]
      }
    let names = Set(known.map(\.name))
    for column in added where names.contains(column.name) {
      throw HindcastError(
        .duplicateName,
        "the labels have a column '\(column.name)', which the output needs: rename it",
        at: .init(file: options.labels))
    }
    fields = added.map { ArrowField(name: $0.name, type: $0.type) }
    writer = try TableWriter(
      path: options.output, format: options.outputFormat,
      schema: ArrowSchemaReference(known).appending(fields), options: options.write)
  }

  /// Writes the given rows of a chunk.
  func write(
    _ rows: [UInt32], _ old: [Column], _ new: [Column], _ chunk: LabelChunk
  ) throws(HindcastError) {
    guard !rows.isEmpty else { return }
    var columns = [
      try Column(
        type: .int64, values: rows.map { .integer(Int128(chunk.firstRow + Int($0) + 1)) })
    ]
    for (a, b) in zip(old, new) {
      columns.append(try a.gather(rows.span))
      columns.append(try b.gather(rows.span))
    }
    let added = zip(fields, columns).map { (field: $0, column: $1) }
    var (start, done) = (0, 0)
    for batch in chunk.batches {
      let end = start + batch.count
      let mine = rows[done...].prefix { $0 < end }.map { Int($0) - start }
      start = end
      if mine.isEmpty { continue }
      try writer.write(batch.taking(rows: mine).appending(added, from: done))
      done += mine.count
    }
  }

  func close() throws(HindcastError) {
    try writer.finish()
    try writer.close()
  }

  func cancel() { writer.cancel() }
}

import HindcastCore
import HindcastInterchange

/// Hashes of the label columns' values, so that an audit sees whether they are still those that
/// were built on.
///
/// Columns of types that the engine does not know are passed through unread, and not hashed; nor is
/// a column with a value that it can't take, such as a date64 within a day.
struct LabelHashes {
  private let schema: ArrowSchemaReference
  private var indexes: [Int]
  private let hash: ResultHash

  init(_ schema: ArrowSchemaReference) {
    self.schema = schema
    indexes = schema.fields.indices.filter { schema.fields[$0].type != nil }
    hash = ResultHash(
      names: schema.fields.map(\.name), types: schema.fields.map { $0.type ?? .bool })
  }

  /// Takes the next labels in.
  mutating func add(_ batch: ArrowBatch) {
    for index in indexes {
      guard let column = try? batch.column(index) else {
        indexes.removeAll { $0 == index }
        continue
      }
      hash.add(column, to: index)
    }
  }

  /// The manifest's account of the label columns.
  ///
  /// Nothing can be taken in afterwards.
  func finish() -> [Manifest.LabelColumn] {
    let hashes = hash.finishColumns()
    return schema.fields.enumerated().map { index, field in
      Manifest.LabelColumn(
        name: field.name, type: field.type.map { "\($0)" } ?? field.typeName,
        sha256: indexes.contains(index) ? hashes[index] : nil)
    }
  }
}

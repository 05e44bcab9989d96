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

  /// Takes the next labels in, column by column on all cores.
  mutating func add(_ batches: [ArrowBatch]) throws(HindcastError) {
    let shared = SharedHash(hash: hash, indexes: indexes)
    let isTaken = try Parallel.map(indexes.count) { place in
      let index = shared.indexes[place]
      for batch in batches {
        guard let column = try? batch.column(index) else { return false }
        shared.hash.add(column, to: index)
      }
      return true
    }
    indexes = zip(indexes, isTaken).filter(\.1).map(\.0)
  }

  /// The manifest's account of the label columns.
  ///
  /// Nothing can be taken in afterwards.
  func finish() -> [Manifest.LabelColumn] {
    let hashes = hash.finishColumns()
    return schema.fields.enumerated().map { index, field in
      Manifest.LabelColumn(
        name: field.name, type: field.type.map { "\($0)" } ?? field.typeName,
        xxh128: indexes.contains(index) ? hashes[index] : nil)
    }
  }
}

/// A hash of which each thread feeds columns of its own.
private struct SharedHash: @unchecked Sendable {
  let hash: ResultHash
  let indexes: [Int]
}

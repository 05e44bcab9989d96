public import HindcastCore

/// A column of a generated table.
public struct DatasetField: Hashable, Sendable {
  /// The name.
  public var name: String
  /// The type.
  public var type: DataType

  /// Creates a field.
  public init(_ name: String, _ type: DataType) {
    self.name = name
    self.type = type
  }
}

/// A generated table: what it is, and its rows on demand.
public struct DatasetTable: Sendable {
  /// The file's name without its extension.
  public let name: String
  /// The feature group that the table feeds; nil for labels.
  public let group: String?
  /// The columns, in order.
  public let fields: [DatasetField]
  /// About how many rows there will be.
  public let expectedRows: Int
  let source: any TableSource

  /// Makes all rows and hands them out in batches.
  ///
  /// The same dataset, scale and options give the same rows on every machine. Memory is bounded by
  /// a batch in entity order, and by a slice of time and a few numbers an entity in time order.
  /// - Parameter batchRows: the most rows of a batch.
  /// - Throws: only what `sink` throws.
  public func generate<E: Error>(
    batchRows: Int = 65_536, _ sink: ([Column]) throws(E) -> Void
  ) throws(E) {
    precondition(batchRows > 0)
    try source.generate(batchRows: batchRows, sink)
  }
}

/// What makes a table's rows.
protocol TableSource: Sendable {
  func generate<E: Error>(
    batchRows: Int, _ sink: ([Column]) throws(E) -> Void
  ) throws(E)
}

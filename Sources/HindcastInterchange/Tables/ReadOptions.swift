public import HindcastCore

/// How a table file is read.
public struct ReadOptions: Sendable {
  /// The columns to read; those that the file lacks are left out, the order stays the file's.
  ///
  /// Nil reads all.
  public var columns: [String]?
  /// CSV: an unquoted text that is null, besides the empty one.
  public var nullText: String?
  /// JSON lines: the types of columns that are known.
  ///
  /// Others are taken as the first block of lines shows them.
  public var types: [(name: String, type: DataType)]
  /// JSON lines: the types of columns that are there in any case, where the first block of lines
  /// shows none.
  public var laterTypes: [(name: String, type: DataType)]
  /// No batch has more rows.
  public var batchRows: Int

  /// Creates options.
  public init(
    columns: [String]? = nil, nullText: String? = nil,
    types: [(name: String, type: DataType)] = [],
    laterTypes: [(name: String, type: DataType)] = [], batchRows: Int = 65_536
  ) {
    self.columns = columns
    self.nullText = nullText
    self.types = types
    self.laterTypes = laterTypes
    self.batchRows = batchRows
  }
}

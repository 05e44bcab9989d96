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
  /// Parquet: columns of few different texts come dictionary-encoded, which is faster to read.
  ///
  /// Their types in the stream's schema are then not those of the file.
  public var asDictionaries: Bool
  /// No batch has more rows.
  public var batchRows: Int
  /// No batch takes more memory, unless it has but one row.
  ///
  /// Parquet's texts are known in size once some of them were read, so that a batch of them may
  /// take more.
  public var batchBytes: Int

  /// Creates options.
  public init(
    columns: [String]? = nil, nullText: String? = nil,
    types: [(name: String, type: DataType)] = [],
    laterTypes: [(name: String, type: DataType)] = [], asDictionaries: Bool = false,
    batchRows: Int = 65_536, batchBytes: Int = 32 << 20
  ) {
    self.columns = columns
    self.nullText = nullText
    self.types = types
    self.laterTypes = laterTypes
    self.asDictionaries = asDictionaries
    self.batchRows = batchRows
    self.batchBytes = batchBytes
  }

  /// The ``batchBytes`` of a reader whose batches several stages hold, within a memory limit.
  public static func batchBytes(memoryBytes: Int) -> Int {
    min(max(memoryBytes / 16, 1 << 20), 32 << 20)
  }
}

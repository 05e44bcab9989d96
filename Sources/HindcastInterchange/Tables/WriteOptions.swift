/// How a table file is written.
public struct WriteOptions: Sendable {
  /// Parquet and Arrow files: `none`, `zstd`, `lz4`, `snappy` or `gzip`.
  ///
  /// Nil is zstd for Parquet and none for Arrow.
  public var codec: String?
  /// The codec's level; nil is its default.
  public var level: Int?
  /// Rows in a row group of a Parquet file; a group is held in memory until it is full.
  public var rowGroupRows: Int

  /// Creates options.
  public init(codec: String? = nil, level: Int? = nil, rowGroupRows: Int = 131_072) {
    self.codec = codec
    self.level = level
    self.rowGroupRows = rowGroupRows
  }
}

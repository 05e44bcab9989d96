import HindcastCore

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
  /// The bytes of the rows after which a row group ends sooner.
  public var rowGroupBytes: Int

  /// Creates options.
  public init(
    codec: String? = nil, level: Int? = nil, rowGroupRows: Int = 131_072,
    rowGroupBytes: Int = 1 << 30
  ) {
    self.codec = codec
    self.level = level
    self.rowGroupRows = rowGroupRows
    self.rowGroupBytes = rowGroupBytes
  }
}

extension WriteOptions {
  /// What each format can be compressed with, and the levels of each codec.
  private static let codecs: [FileFormat: Set<String>] = [
    .parquet: ["none", "zstd", "lz4", "snappy", "gzip"], .arrow: ["none", "zstd", "lz4"],
  ]
  private static let levels: [String: ClosedRange<Int>] = [
    "zstd": -131_072...22, "gzip": 1...9, "lz4": 1...12,
  ]

  /// Refuses a codec that the format does not have, and a level that the codec does not have.
  /// - Throws: ``HindcastError`` (`invalid_argument`) that lists what there is.
  func validate(for format: FileFormat, path: String) throws(HindcastError) {
    let known = Self.codecs[format] ?? []
    if let codec, codec != "none", !known.contains(codec) {
      let choices = known.isEmpty ? "none" : known.sorted().joined(separator: ", ")
      throw HindcastError(
        .invalidArgument,
        "a \(format.rawValue) file can't be compressed with \(codec); it takes \(choices)",
        at: .init(file: path))
    }
    guard let level else { return }
    let codec = codec ?? (format == .parquet ? "zstd" : "none")
    guard let range = Self.levels[codec], known.contains(codec) else {
      throw HindcastError(
        .invalidArgument, "compression '\(codec)' has no levels", at: .init(file: path))
    }
    guard range.contains(level) else {
      throw HindcastError(
        .invalidArgument,
        "\(codec) has levels from \(range.lowerBound) to \(range.upperBound), not \(level)",
        at: .init(file: path))
    }
  }
}

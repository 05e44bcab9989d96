/// The kinds of table files that are read and written.
public enum FileFormat: String, Sendable, CaseIterable {
  /// Apache Parquet.
  case parquet
  /// Comma-separated values with a header line, also `.csv.gz` and `.csv.zst`.
  case csv
  /// One JSON object a line, also compressed.
  case jsonl
  /// Arrow IPC: a file, or a stream on standard input and output.
  case arrow

  /// The format that a file's name shows, whatever its case; nil if it shows none.
  public static func detect(path: String) -> FileFormat? {
    var name = path.lowercased()
    for suffix in [".gz", ".zst"] where name.hasSuffix(suffix) {
      name = String(name.dropLast(suffix.count))
    }
    let endings: [(String, FileFormat)] = [
      (".parquet", .parquet), (".pq", .parquet), (".csv", .csv), (".jsonl", .jsonl),
      (".ndjson", .jsonl), (".json", .jsonl), (".arrow", .arrow), (".arrows", .arrow),
      (".feather", .arrow), (".ipc", .arrow),
    ]
    return endings.first { name.hasSuffix($0.0) }?.1
  }

  var shimNumber: Int32 {
    switch self {
    case .parquet: 0
    case .csv: 1
    case .jsonl: 2
    case .arrow: 3
    }
  }

  /// Whether the file itself is compressed as a whole: 0 no, 1 gzip, 2 zstd.
  static func compressionNumber(path: String) -> Int32 {
    let name = path.lowercased()
    return name.hasSuffix(".gz") ? 1 : name.hasSuffix(".zst") ? 2 : 0
  }
}

import ArgumentParser
import Hindcast
import HindcastInterchange

/// How a Parquet or Arrow output is laid out.
struct WritingOptions: ParsableArguments {
  @Option(
    name: .long,
    help: ArgumentHelp(
      "The codec of a Parquet output: none, zstd, lz4, snappy or gzip, zstd without it; of an "
        + "Arrow output: none, zstd or lz4, none without it.", valueName: "codec"))
  var compression: Compression?

  @Option(
    name: .long, parsing: .unconditional,
    help: ArgumentHelp("The codec's level; 1 for zstd without it.", valueName: "n"))
  var compressionLevel: Int?

  @Option(
    name: .long, parsing: .unconditional,
    help: ArgumentHelp("Rows in a row group of a Parquet output.", valueName: "n"))
  var rowGroupRows: Int?

  /// Codecs that both formats know.
  enum Compression: String, ExpressibleByArgument, CaseIterable {
    case none, zstd, lz4, snappy, gzip
  }

  /// What the options say.
  var options: WriteOptions {
    get throws {
      var options = WriteOptions(codec: compression?.rawValue, level: compressionLevel)
      guard let rowGroupRows else { return options }
      guard rowGroupRows > 0 else {
        throw ValidationError("--row-group-rows is at least 1, not \(rowGroupRows)")
      }
      options.rowGroupRows = rowGroupRows
      return options
    }
  }
}

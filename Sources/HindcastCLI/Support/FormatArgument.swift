import ArgumentParser
import HindcastInterchange

/// A file's format, or `auto` to tell it by the file's name.
enum FormatArgument: String, ExpressibleByArgument, CaseIterable {
  case auto, parquet, csv, jsonl, arrow

  /// The format; nil to tell it by the name.
  var value: FileFormat? { FileFormat(rawValue: rawValue) }
}

import ArgumentParser
import Hindcast
import HindcastCore

/// Where labels come from, and what their time is.
struct LabelOptions: ParsableArguments {
  @Option(
    name: .long, help: ArgumentHelp("The label file, or - for standard input.", valueName: "file"))
  var labels: String

  @OptionGroup var reading: LabelReadingOptions

  /// The options of a build of `output`; the request's file may name the time column.
  func buildOptions(_ asOf: RequestOptions, output: String) throws -> BuildOptions {
    try reading.buildOptions(labels, asOf, output: output)
  }
}

/// How a label file is read.
struct LabelReadingOptions: ParsableArguments {
  @Option(name: .long, help: "The labels' format: auto, parquet, csv, jsonl or arrow.")
  var labelsFormat = FormatArgument.auto

  @Option(name: .long, help: ArgumentHelp("The labels' time column.", valueName: "col"))
  var labelTime: String?

  @Option(
    name: .long,
    help: ArgumentHelp("The unit of an integer label time: s, ms, us or ns.", valueName: "unit"),
    transform: Arguments.timeUnit)
  var labelTimeUnit: TimeUnit?

  /// The options of a build of `output`; the request's file may name the time column.
  func buildOptions(
    _ labels: String, _ asOf: RequestOptions, output: String
  ) throws -> BuildOptions {
    let file = try asOf.file()
    guard let column = labelTime ?? file?.labelTime else {
      throw ValidationError("Name the labels' time column: --label-time COL")
    }
    var options = BuildOptions(
      labels: labels, time: .column(column, unit: labelTimeUnit),
      request: try asOf.request(file), output: output)
    options.requestFile = asOf.spec
    options.labelsFormat = labelsFormat.value
    return options
  }
}

import ArgumentParser
import Hindcast
import HindcastCore
import HindcastJoin

struct LatestCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "latest",
    abstract: "Read the latest features of many records: batch scoring.",
    discussion: """
      The online view for a file of identifiers: its rows and columns are kept in order, the \
      features follow, as 'build' would answer labels of that time. A request file written for \
      training (--spec; 'hindcast build --help' shows every key) serves unchanged.

      Examples:
        hindcast latest --ids fleet.parquet --features planes:arr_delay --as-of now \\
          --output scores.parquet
        hindcast latest --ids fleet.parquet --spec request.yaml -o scores.parquet

      request.yaml:
        label_time: label_time
        features:
          - ref: planes:arr_delay
            max_age: 7d
          - routes
      """)

  @Option(
    name: .long,
    help: ArgumentHelp("The file of identifiers, or - for standard input.", valueName: "file"))
  var ids: String

  @Option(name: .long, help: "The identifiers' format: auto, parquet, csv, jsonl or arrow.")
  var idsFormat = FormatArgument.auto

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp(
      "The output file, or - for standard output: an Arrow stream, if no format is stated.",
      valueName: "file"))
  var output: String

  @Option(name: .long, help: "The output's format: auto, parquet, csv, jsonl or arrow.")
  var outputFormat = FormatArgument.auto

  @Option(
    name: .customLong("as-of"), parsing: .unconditional,
    help: ArgumentHelp("The time to answer for: a time, or now, the default.", valueName: "time"),
    transform: AsOfTime.parse)
  var time = AsOfTime.now

  @OptionGroup var asOf: RequestOptions

  @OptionGroup var pin: SnapshotOptions

  @Option(
    name: .long,
    help: "How rows are found: auto, merge, probe, hash or nested (the slow reference).")
  var strategy = Strategy.auto

  @OptionGroup var writing: WritingOptions
  @OptionGroup var resources: ResourceOptions
  @OptionGroup var location: StoreOptions
  @OptionGroup var reporting: ReportOptions

  func run() throws {
    var options = BuildOptions(
      labels: ids, time: .instant(time.instant),
      request: try asOf.request(try asOf.file()), output: output)
    options.requestFile = asOf.spec
    options.labelsFormat = idsFormat.value
    options.outputFormat = outputFormat.value
    options.strategy = strategy
    options.write = try writing.options
    try resources.apply(to: &options)
    try TrainingSetFrontEnd.run(
      options, snapshot: try location.open().snapshot(pin.selector), reporting: reporting)
  }
}

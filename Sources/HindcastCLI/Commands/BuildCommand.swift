import ArgumentParser
import Hindcast
import HindcastCore
import HindcastJoin
import HindcastStore

struct BuildCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "build",
    abstract: "Build a training set: labels, and the features known at each label's time.",
    discussion: """
      The output has exactly the label rows, in their order, with all their columns, then the \
      features. A label without an answer gets nulls: missing, deleted, expired, or unusable where \
      its identifier or time is null. OUTPUT.manifest.json says what was built from what, with the \
      proof that nothing leaked; 'hindcast audit OUTPUT' checks it.

      A label's key column is the one named as the record identifier, unless --key maps it.

      Examples:
        hindcast build --labels flights.parquet --label-time label_time \\
          --features planes:arr_delay routes --max-age planes=1d --strict routes \\
          --output train.parquet
        hindcast build --labels games.csv --label-time label_time --names full \\
          --features home=team:points,goals away=team:points,goals \\
          --key home:team=home_team --key away:team=away_team --output train.parquet
      """)

  @Option(
    name: .long, help: ArgumentHelp("The label file, or - for standard input.", valueName: "file"))
  var labels: String

  @Option(name: .long, help: "The labels' format: auto, parquet, csv, jsonl or arrow.")
  var labelsFormat = FormatArgument.auto

  @Option(name: .long, help: ArgumentHelp("The labels' time column.", valueName: "col"))
  var labelTime: String?

  @Option(
    name: .long,
    help: ArgumentHelp("The unit of an integer label time: s, ms, us or ns.", valueName: "unit"),
    transform: Arguments.timeUnit)
  var labelTimeUnit: TimeUnit?

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp("The output file, or - for standard output.", valueName: "file"))
  var output: String?

  @Flag(
    name: .long,
    help: "Look before you leap: answer the first labels, report, and write nothing.")
  var check = false

  @Flag(name: .long, help: "Print how it was done: strategy, history, pages, bytes and times.")
  var explain = false

  @Option(name: .long, help: "The output's format: auto, parquet, csv, jsonl or arrow.")
  var outputFormat = FormatArgument.auto

  @OptionGroup var asOf: RequestOptions

  @Option(name: .long, help: ArgumentHelp("The snapshot; the latest without it.", valueName: "n"))
  var snapshot: UInt64?

  @Option(name: .long, help: "How rows are found: auto, merge or nested (the slow reference).")
  var strategy = Strategy.auto

  @Option(
    name: .long, help: ArgumentHelp("About how much memory a chunk takes.", valueName: "size"),
    transform: Arguments.byteCount)
  var memory: Int?

  @OptionGroup var location: StoreOptions
  @OptionGroup var reporting: ReportOptions

  func run() throws {
    let file = try asOf.file()
    guard let column = labelTime ?? file?.labelTime else {
      throw ValidationError("Name the labels' time column: --label-time COL")
    }
    guard check || output != nil else {
      throw ValidationError("Name the output file: --output FILE")
    }
    var options = BuildOptions(
      labels: labels, time: .column(column, unit: labelTimeUnit),
      request: try asOf.request(file), output: output ?? "-")
    options.labelsFormat = labelsFormat.value
    options.outputFormat = outputFormat.value
    options.strategy = strategy
    if let memory { options.memoryBytes = memory }
    let pinned = try location.open().snapshot(snapshot)
    if check {
      try TrainingSetFrontEnd.check(options, snapshot: pinned, reporting: reporting)
    } else {
      try TrainingSetFrontEnd.run(
        options, snapshot: pinned, reporting: reporting, explains: explain)
    }
  }
}

/// What `build` and `latest` share: build, warn, report.
enum TrainingSetFrontEnd {
  /// Answers the first labels and reports, without an output.
  static func check(
    _ options: BuildOptions, snapshot: Snapshot, reporting: ReportOptions
  ) throws {
    let report = try TrainingSet(snapshot: snapshot, options: options).check()
    for warning in report.warnings { StandardStreams.writeMessage("warning: \(warning)\n") }
    try reporting.write(report)
  }

  /// The report goes to standard error where the data goes to standard output.
  static func run(
    _ options: BuildOptions, snapshot: Snapshot, reporting: ReportOptions, explains: Bool = false
  ) throws {
    let report = try TerminalProgress.show { progress in
      try TrainingSet(snapshot: snapshot, options: options).build(progress: progress)
    }
    for warning in report.warnings { StandardStreams.writeMessage("warning: \(warning)\n") }
    if explains { StandardStreams.writeMessage(report.plan.text) }
    if options.output == "-" {
      StandardStreams.writeMessage(reporting.json ? report.json.pretty + "\n" : report.text)
    } else {
      try reporting.write(report)
    }
  }
}

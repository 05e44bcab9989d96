import ArgumentParser
import Hindcast
import HindcastCore
import HindcastInterchange
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
      proof that nothing leaked; 'hindcast audit OUTPUT' checks it, and 'hindcast rebuild OUTPUT' \
      builds the set again.

      A label's key column is the one named as the record identifier, unless --key maps it.

      Label columns pass through untouched, so the columns of a CSV file go out as text; give \
      labels as Parquet or Arrow to have types. Times and keys are read by type all the same.

      Examples:
        hindcast build --labels flights.parquet --label-time label_time \\
          --features planes:arr_delay routes --max-age planes=1d --strict routes \\
          --output train.parquet
        hindcast build --labels games.csv --label-time label_time --names full \\
          --features home=team:points,goals away=team:points,goals \\
          --key home:team=home_team --key away:team=away_team --output train.parquet
        hindcast build --labels games.csv --spec request.yaml --output train.parquet

      request.yaml, with every key there is; only features is needed:
        label_time: label_time        # 'latest' passes over it
        names: full                   # or short
        with_event_times: true
        features:
          - planes:arr_delay,taxi_out # as after --features
          - ref: home=team:points     # or with options:
            keys: {team: home_team}   # record identifier: label column
            max_age: 7d               # or none
            delay: 1h
            strict: true
            known_late: false         # true is a LEAK, recorded as such
      """)

  @OptionGroup var labels: LabelOptions

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp(
      "The output file, or - for standard output: an Arrow stream, if no format is stated.",
      valueName: "file"))
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
    guard check || output != nil else {
      throw ValidationError("Name the output file: --output FILE")
    }
    ArrowLoading.start()
    var options = try labels.buildOptions(asOf, output: output ?? "-")
    options.outputFormat = outputFormat.value
    options.strategy = strategy
    options.write = try writing.options
    try resources.apply(to: &options)
    let pinned = try location.open().snapshot(pin.selector)
    if check {
      try TrainingSetFrontEnd.check(options, snapshot: pinned, reporting: reporting)
    } else {
      try TrainingSetFrontEnd.run(
        options, snapshot: pinned, reporting: reporting, explains: explain)
    }
  }
}

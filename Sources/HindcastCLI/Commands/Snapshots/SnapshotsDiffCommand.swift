import ArgumentParser
import Hindcast
import HindcastCore
import HindcastStore

struct SnapshotsDiffCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "diff",
    abstract: "Compare two snapshots: definitions, versions, and what labels would get.",
    discussion: """
      Group by group: what changed in the definition, how many records have other versions, \
      how many versions came and went. With --labels and --features, as for 'build', the labels \
      are answered at both snapshots: which of them would get other values? --output writes these \
      with their columns, label_row (from 1), and NAME__old and NAME__new for every feature.

      Examples:
        hindcast snapshots diff 12 20
        hindcast snapshots diff credit-v1 20 --labels flights.parquet --label-time label_time \
          --features planes:arr_delay --output changed.csv
      """)

  @Argument(
    help: ArgumentHelp("The snapshot before: a number or a name.", valueName: "a"),
    transform: Arguments.snapshot)
  var old: SnapshotSelector

  @Argument(
    help: ArgumentHelp("The snapshot after.", valueName: "b"), transform: Arguments.snapshot)
  var new: SnapshotSelector

  @Option(name: .long, help: ArgumentHelp("One group only.", valueName: "name"))
  var group: String?

  @Option(name: .long, help: ArgumentHelp("A label file.", valueName: "file"))
  var labels: String?

  @OptionGroup var reading: LabelReadingOptions

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp("A file for the labels that get other values.", valueName: "file"))
  var output: String?

  @Option(name: .long, help: "The output's format: auto, parquet, csv, jsonl or arrow.")
  var outputFormat = FormatArgument.auto

  @OptionGroup var asOf: RequestOptions
  @OptionGroup var resources: ResourceOptions
  @OptionGroup var location: StoreOptions
  @OptionGroup var reporting: ReportOptions

  func validate() throws {
    guard labels == nil else {
      if output == "-" { throw ValidationError("--output -: the report goes there; name a file") }
      return
    }
    if output != nil || reading.labelTime != nil || !asOf.features.isEmpty || asOf.spec != nil {
      throw ValidationError("Name the label file, too: --labels FILE")
    }
  }

  func run() throws {
    let options = try buildOptions()
    let store = try location.open()
    let (before, after) = (try store.snapshot(old), try store.snapshot(new))
    let report = try TerminalProgress.show { progress in
      var report = try SnapshotDifference(from: before, to: after, group: group, progress: progress)
      if let options {
        report.labels = try KeyAdvice.offering(options.request, after) {
          try LabelDifference(options, from: before, to: after, progress: progress)
        }
      }
      return report
    }
    try reporting.write(report)
  }

  private func buildOptions() throws -> BuildOptions? {
    guard let labels else { return nil }
    var options = try reading.buildOptions(labels, asOf, output: output ?? "-")
    options.outputFormat = outputFormat.value
    try resources.apply(to: &options)
    return options
  }
}

import ArgumentParser
import Hindcast
import HindcastJoin

struct RebuildCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "rebuild",
    abstract: "Build a training set again from its manifest.",
    discussion: """
      Answers the labels by the manifest's request on the manifest's snapshot, writes the set, and \
      says whether labels, counts, certificates and values are those of the manifest; the exit \
      code is 1 if not. With --snapshot or --as-known the same request is answered from another \
      state of the store: training anew, a month later.

      A manifest holds no path, so the labels are named.

      Examples:
        hindcast rebuild train.parquet.manifest.json --labels flights.parquet \\
          --output again.parquet
        hindcast rebuild train.parquet --as-known now --labels flights.parquet \\
          --output march.parquet
      """)

  @Argument(
    help: ArgumentHelp("The manifest, or the set that it lies beside.", valueName: "manifest"))
  var manifest: String

  @Option(
    name: .long,
    help: ArgumentHelp("The label file, or - for standard input.", valueName: "file"))
  var labels: String

  @Option(name: .long, help: "The labels' format: auto, parquet, csv, jsonl or arrow.")
  var labelsFormat = FormatArgument.auto

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp(
      "The output file, or - for standard output: an Arrow stream, if no format is stated.",
      valueName: "file"))
  var output: String

  @Option(name: .long, help: "The output's format: auto, parquet, csv, jsonl or arrow.")
  var outputFormat = FormatArgument.auto

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
    ArrowLoading.start()
    var rebuild = try Rebuild(
      manifest: manifest, store: try location.open(), labels: labels, output: output,
      instead: pin.named)
    rebuild.options.labelsFormat = labelsFormat.value
    rebuild.options.outputFormat = outputFormat.value
    rebuild.options.strategy = strategy
    rebuild.options.write = try writing.options
    try resources.apply(to: &rebuild.options)
    try TrainingSetFrontEnd.run(rebuild, reporting: reporting)
  }
}

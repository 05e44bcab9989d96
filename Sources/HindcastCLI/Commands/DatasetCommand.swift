import ArgumentParser
import Hindcast
import HindcastDatasets
import HindcastInterchange

struct DatasetCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "dataset",
    abstract: "Generate data to try things on: loans, w1, w2, w3, w4, w5, late.",
    discussion: """
      Makes the folder where need be, and writes the tables, groups.yaml for 'hindcast apply', \
      and the commands that go on from there. \
      The same name, scale and options give the same rows everywhere.

      --format store generates features straight into a store, DIR/store, in commits of 16 million \
      rows, and writes only the labels as Parquet: w5 has a billion rows.

      Example:
        hindcast dataset loans --scale 0.1 --output loans
        hindcast dataset w5 --scale 0.01 --format store --output w5
      """)

  @Argument(help: "The dataset: loans, w1, w2, w3, w4, w5 or late.")
  var name: String

  @Option(
    name: .long, parsing: .unconditional,
    help: ArgumentHelp("Multiplies the number of rows.", valueName: "x"))
  var scale = 1.0

  @Option(name: .shortAndLong, help: ArgumentHelp("The folder to write to.", valueName: "dir"))
  var output: String

  @Option(name: .long, help: "The tables' format: parquet, csv, jsonl, arrow or store.")
  var format = Format.parquet

  @Option(name: .long, help: "The order of the rows: entity or time.")
  var order = Dataset.RowOrder.entity

  @Option(name: .long, help: "loans: whether late statements hide the future: on or off.")
  var leak = Switch.on

  @OptionGroup var reporting: ReportOptions

  enum Format: String, ExpressibleByArgument, CaseIterable {
    case parquet, csv, jsonl, arrow, store
  }

  enum Switch: String, ExpressibleByArgument, CaseIterable { case on, off }

  func run() throws {
    let dataset = try Dataset(
      named: name,
      options: Dataset.Options(scale: scale, order: order, leaks: leak == .on))
    let report = try TerminalProgress.show { progress in
      guard let format = FileFormat(rawValue: format.rawValue) else {
        return try DatasetStore(dataset, folder: output).write(progress: progress)
      }
      return try DatasetFiles(dataset, folder: output, format: format).write(progress: progress)
    }
    try reporting.write(report)
  }
}

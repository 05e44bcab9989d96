import ArgumentParser
import Hindcast

struct ApplyCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "apply",
    abstract: "Create or evolve feature groups as a YAML file defines them.",
    discussion: """
      Shows the difference, then applies all of it in one commit. Groups, features and settings \
      that the file does not name stay as they are; nothing is ever dropped. Types, record \
      identifiers and time columns of a group can't change: its history was written with them.

      Example:
        hindcast apply groups.yaml --dry-run

      groups.yaml:
        groups:
          - name: balances
            record_identifiers: {customer_id: int64}
            event_time: event_time
            created_time: known_at
            deleted: is_deleted
            time_unit: us
            ttl: 30d
            features:
              utilisation: float64
              limit: {type: "decimal128[12, 2]", description: the agreed limit}
      """)

  @Argument(help: ArgumentHelp("The definitions.", valueName: "file.yaml"))
  var file: String

  @Flag(name: .long, help: "Show the difference and leave the store alone.")
  var dryRun = false

  @OptionGroup var location: StoreOptions
  @OptionGroup var reporting: ReportOptions

  func run() throws {
    let definitions = try GroupDefinition.parse(yaml: try TextFile.read(file), file: file)
    let report = try applyDefinitions(definitions, to: try location.open(), isDryRun: dryRun)
    try reporting.write(report)
    if !report.isAllowed { throw ExitCode.failure }
  }
}

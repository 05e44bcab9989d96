import ArgumentParser
import Hindcast

struct ApplyCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "apply",
    abstract: "Create or evolve feature groups as a YAML file defines them.",
    discussion: """
      Shows the difference, then applies all of it in one commit. Groups, features and settings \
      that the file does not name stay as they are; --allow-drop drops features that a group's \
      'features' leave out. A new feature is null in the history that is there, or its default; \
      'renamed_from: old' renames one; a type may become one that holds every value (int32 to \
      int64, float32 to float64). What would lose or change stored values is refused, with the \
      reason. Older snapshots keep the features that they had.

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
              days_late: {type: int32, default: 0}
              status: {type: utf8, renamed_from: state}
      """)

  @Argument(help: ArgumentHelp("The definitions.", valueName: "file.yaml"))
  var file: String

  @Flag(name: .long, help: "Show the difference and leave the store alone.")
  var dryRun = false

  @Flag(name: .long, help: "Drop the features that the file leaves out.")
  var allowDrop = false

  @OptionGroup var location: StoreOptions
  @OptionGroup var reporting: ReportOptions

  func run() throws {
    let definitions = try GroupDefinition.parse(yaml: try TextFile.read(file), file: file)
    let report = try applyDefinitions(
      definitions, to: try location.open(), isDryRun: dryRun, allowsDrop: allowDrop)
    try reporting.write(report, passes: report.isAllowed)
  }
}

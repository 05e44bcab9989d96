import ArgumentParser
import Hindcast
import HindcastCore
import HindcastInterchange

struct GroupCreateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "create",
    abstract: "Create a feature group with the columns of a file.",
    discussion: """
      Every column that has no other role becomes a feature. Parquet and Arrow files bring their \
      types; in CSV and JSON lines a column is utf8 unless --type says otherwise. Nothing is \
      ingested.

      Example:
        hindcast group create planes --schema-from planes.parquet \\
          --record-id tail_num --event-time event_time --ttl 1d
      """)

  @Argument(help: "The new group's name.")
  var name: String

  @Option(name: .long, help: ArgumentHelp("The file that has the columns.", valueName: "file"))
  var schemaFrom: String

  @Option(name: .long, help: "The file's format: auto, parquet, csv, jsonl or arrow.")
  var format = FormatArgument.auto

  @Option(
    name: .long,
    help: ArgumentHelp("The record identifier's columns, in key order.", valueName: "col,col"),
    transform: Arguments.names)
  var recordID: [String]

  @Option(name: .long, help: ArgumentHelp("The event-time column.", valueName: "col"))
  var eventTime: String

  @Option(
    name: .long,
    help: ArgumentHelp(
      "The unit of event and created times: s, ms, us or ns.",
      discussion: "Else the unit of the file's event-time column, or us.", valueName: "unit"),
    transform: Arguments.timeUnit)
  var timeUnit: TimeUnit?

  @Option(
    name: .long,
    help: ArgumentHelp("The column that says when a row became known.", valueName: "col"))
  var createdTime: String?

  @Option(name: .long, help: ArgumentHelp("The column that marks tombstones.", valueName: "col"))
  var deleted: String?

  @Option(
    name: .long,
    help: ArgumentHelp("A column's type, where the file has none.", valueName: "col=type"),
    transform: Arguments.assignment)
  var type: [Assignment] = []

  @OptionGroup var settings: GroupSettings
  @OptionGroup var location: StoreOptions
  @OptionGroup var reporting: ReportOptions

  func run() throws {
    let store = try location.open()
    let roles = ColumnRoles(
      recordIdentifiers: recordID, eventTime: eventTime, createdTime: createdTime,
      deletedFlag: deleted)
    var definition = try FormatOptions.naming([schemaFrom: "--format"]) {
      try GroupDefinition(
        name: name, schemaOf: schemaFrom, format: format.value, roles: roles,
        types: type.map { ($0.name, $0.value) })
    }
    if let timeUnit { definition.timeUnit = timeUnit }
    settings.apply(to: &definition)
    if try store.snapshot().groups.contains(where: { $0.name == name }) {
      throw HindcastError(
        .alreadyExists, "group \(name) is there already; change it with 'hindcast group update'")
    }
    try reporting.write(try applyDefinitions([definition], to: store, isDryRun: false))
  }
}

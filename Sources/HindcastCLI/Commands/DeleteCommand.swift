import ArgumentParser
import Hindcast
import HindcastCore
import HindcastStore

struct DeleteCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "delete",
    abstract: "Delete records from a time on by tombstones, or erase them.",
    discussion: """
      A tombstone is a version like any other: labels before it see the history as it was, labels \
      at or after it get null, and a later version, should there be one already, revives the \
      record: the report counts such versions, and records that had none at all. In a group \
      with a created time the tombstone becomes known now, unless --created-time says otherwise.

      --erase removes the whole history of the records physically instead, from every segment of \
      every snapshot: a commit of its own says how many, never which. Files that a reader of an \
      earlier snapshot has open stay until it is done; the report says which. It waits for whoever \
      writes: for a stream, until that ends. Backups, rejects, training sets and manifests are not \
      reached. 'verify --absent' proves it.

      Example:
        hindcast delete planes N576AA --event-time 2011-12-01
        hindcast delete planes N576AA --erase
      """)

  @Argument(help: "The group's name.")
  var name: String

  @Argument(help: "Record identifiers, if they are one column.")
  var ids: [String] = []

  @Option(
    name: .customLong("id"),
    help: ArgumentHelp("One component of the record identifier.", valueName: "col=value"),
    transform: Arguments.assignment)
  var components: [Assignment] = []

  @Option(
    name: .long,
    help: ArgumentHelp("A file with the identifiers of many records.", valueName: "file"))
  var from: String?

  @Option(name: .long, help: "The file's format: auto, parquet, csv, jsonl or arrow.")
  var format = FormatArgument.auto

  @Option(
    name: .long, parsing: .unconditional,
    help: ArgumentHelp(
      "From when the records are deleted; with --from the file's event-time column may say.",
      valueName: "time"),
    transform: Arguments.instant)
  var eventTime: Instant?

  @Option(
    name: .long, parsing: .unconditional,
    help: ArgumentHelp("When the deletion became known; now without it.", valueName: "time"),
    transform: Arguments.instant)
  var createdTime: Instant?

  @Flag(name: .long, help: "Remove the records' whole history, from every snapshot.")
  var erase = false

  @OptionGroup var location: StoreOptions
  @OptionGroup var reporting: ReportOptions

  func run() throws {
    let store = try location.open()
    let group = try store.snapshot().group(named: name).definition
    guard (from == nil) != (ids.isEmpty && components.isEmpty) else {
      throw ValidationError("Name the records by ID or --id, or a file of them by --from")
    }
    if erase { return try eraseRecords(of: group, on: store) }
    var deletion = Deletion(group: group)
    deletion.eventTime = eventTime
    deletion.createdTime = createdTime
    let report: DeletionReport
    if let from {
      report = try FormatOptions.naming([from: "--format"]) {
        try deletion.run(identifiersIn: from, format: format.value, on: store)
      }
    } else {
      guard eventTime != nil else {
        throw ValidationError("Say from when the records are deleted: --event-time TIME")
      }
      let records = try RecordArguments(ids: ids, components: components).records(of: group)
      report = try deletion.run(records, on: store)
    }
    try reporting.write(report)
  }

  private func eraseRecords(of group: FeatureGroup, on store: Store) throws {
    guard eventTime == nil, createdTime == nil else {
      throw ValidationError("--erase removes all versions; a time can't be given")
    }
    let deletion = Deletion(group: group)
    let options = CompactionOptions()
    let report = try TerminalProgress.show { progress in
      if let from {
        return try FormatOptions.naming([from: "--format"]) {
          try deletion.erase(
            identifiersIn: from, format: format.value, on: store, options: options,
            progress: progress)
        }
      }
      let records = try RecordArguments(ids: ids, components: components).records(of: group)
      return try deletion.erase(records, on: store, options: options, progress: progress)
    }
    try reporting.write(report)
  }
}

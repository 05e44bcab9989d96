import ArgumentParser
import Hindcast

struct HistoryCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "history",
    abstract: "Show every version of one record, in the order that decides.",
    discussion: """
      Ordered by event time, created time (null first), arrival. Tombstones show as deleted. A \
      record without history is no error: nothing is listed.

      Example:
        hindcast history planes N576AA
      """)

  @Argument(help: "The group's name.")
  var name: String

  @Argument(help: "The record identifier, if it is one column.")
  var id: String?

  @Option(
    name: .customLong("id"),
    help: ArgumentHelp("One component of the record identifier.", valueName: "col=value"),
    transform: Arguments.assignment)
  var components: [Assignment] = []

  @OptionGroup var pin: SnapshotOptions

  @OptionGroup var location: StoreOptions
  @OptionGroup var reporting: ReportOptions

  func run() throws {
    let group = try location.open().snapshot(pin.selector).group(named: name)
    let records = try RecordArguments(ids: id.map { [$0] } ?? [], components: components)
      .records(of: group.definition)
    guard let record = records.first else { return }
    Quarantine.warn(of: group)
    try reporting.write(try RecordHistory(of: record, in: group))
  }
}

import ArgumentParser
import Hindcast
import HindcastStore

struct VerifyCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "verify",
    abstract: "Check that the store is whole: commits, segments, checksums.",
    discussion: """
      Reads commits and the ends of segments; damage inside pages shows only with --deep, which \
      reads every page and checks the order of rows. All problems are listed; the exit \
      code is 1 if there is one.

      --absent GROUP ID proves that a record is in no file of the store, be it of an old snapshot \
      or left behind: all identifiers of the group's segments and of the log are read. Where the \
      identifier is text its bytes are searched for in all files, too: what else contains it is a \
      note, unless it is compressed, as long texts in features are.

      Example:
        hindcast verify --deep
      """)

  @Flag(name: .long, help: "Read every page.")
  var deep = false

  @Option(
    name: .long,
    help: ArgumentHelp("Prove that a record of this group is absent.", valueName: "group"))
  var absent: String?

  @Argument(help: "With --absent: the record identifier, if it is one column.")
  var id: String?

  @Option(
    name: .customLong("id"),
    help: ArgumentHelp("One component of the record identifier.", valueName: "col=value"),
    transform: Arguments.assignment)
  var components: [Assignment] = []

  @OptionGroup var location: StoreOptions
  @OptionGroup var reporting: ReportOptions

  func run() throws {
    if let absent { return try prove(absent, on: location.open()) }
    guard id == nil, components.isEmpty else {
      throw ValidationError("A record is named with --absent GROUP only")
    }
    let store = try location.openUnread()
    let report = try TerminalProgress.show { progress in
      try verify(store, isDeep: deep, progress: progress)
    }
    try reporting.write(report, passes: report.isSound)
  }

  private func prove(_ name: String, on store: Store) throws {
    let group = try store.snapshot().group(named: name).definition
    let records = try RecordArguments(ids: id.map { [$0] } ?? [], components: components)
      .records(of: group)
    guard let record = records.first else { return }
    let report = try store.findRecord(record, in: group)
    try reporting.write(report, passes: report.isAbsent)
  }
}

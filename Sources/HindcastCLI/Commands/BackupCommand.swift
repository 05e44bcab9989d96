import ArgumentParser
import Hindcast
import HindcastStore

struct BackupCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "backup",
    abstract: "Copy a snapshot of the store into a new folder.",
    discussion: """
      The copy is a store whose latest snapshot is the one copied. Writers may go on meanwhile. A \
      folder that is not empty is refused; a copy that was interrupted is no store. Pages are \
      copied as they are: 'verify --deep' reads each of them in the copy. Earlier snapshots come \
      along if they are still kept. What was named or has expired since, a last commit says, which \
      only the copy has.

      Example:
        hindcast backup /mnt/backups/monday
        hindcast verify --deep --store /mnt/backups/monday
      """)

  @Argument(help: ArgumentHelp("The new folder.", valueName: "dir"))
  var folder: String

  @Option(
    name: .long, parsing: .unconditional,
    help: ArgumentHelp("The snapshot, a number or name; the latest without it.", valueName: "n"),
    transform: Arguments.snapshot)
  var snapshot: SnapshotSelector = .latest

  @OptionGroup var location: StoreOptions
  @OptionGroup var reporting: ReportOptions

  func run() throws {
    let store = try location.open()
    let report = try TerminalProgress.show { progress in
      try backup(store, snapshot: snapshot, to: folder, progress: progress)
    }
    try reporting.write(report)
  }
}

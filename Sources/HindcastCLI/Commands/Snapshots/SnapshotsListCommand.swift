import ArgumentParser
import Hindcast

struct SnapshotsListCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list",
    abstract: "List the snapshots that can be read: what each commit did, and when.",
    discussion: """
      Times are the writers' clocks; they never go back from one snapshot to the next.

      Example:
        hindcast snapshots list --json
      """)

  @OptionGroup var location: StoreOptions
  @OptionGroup var reporting: ReportOptions

  func run() throws {
    try reporting.write(SnapshotList(try location.open().commits()))
  }
}

import ArgumentParser
import Hindcast

struct SnapshotsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "snapshots",
    abstract: "List the snapshots: what each commit did, and when.",
    discussion: """
      A snapshot's number pins data, schema and settings: 'hindcast build --snapshot N'.

      Example:
        hindcast snapshots
      """)

  @OptionGroup var location: StoreOptions
  @OptionGroup var reporting: ReportOptions

  func run() throws {
    try reporting.write(SnapshotList(try location.open().commits()))
  }
}

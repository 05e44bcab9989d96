import ArgumentParser
import Hindcast
import HindcastStore

struct SnapshotsUntagCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "untag",
    abstract: "Take a snapshot's name away.",
    discussion: """
      A snapshot from before what 'snapshots expire' kept lives by its names: with the last one it \
      is given up, and its files are removed.

      Example:
        hindcast snapshots untag credit-v1
      """)

  @Argument(help: "The name.")
  var name: String

  @OptionGroup var location: StoreOptions
  @OptionGroup var reporting: ReportOptions

  func run() throws {
    let report = try location.open().withWriter { writer in try writer.untag(name) }
    try reporting.write(RetentionReport(report, action: .untag(name)))
  }
}

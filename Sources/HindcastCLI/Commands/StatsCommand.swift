import ArgumentParser
import Hindcast

struct StatsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "stats",
    abstract: "Show how much history there is: rows, records, times, bytes.",
    discussion: """
      With a group's name also its segments and the share of nulls of each feature. Records are \
      counted per segment, so one that comes in many is counted in each.

      Example:
        hindcast stats planes
      """)

  @Argument(help: "A group's name; all groups without it.")
  var name: String?

  @OptionGroup var location: StoreOptions
  @OptionGroup var reporting: ReportOptions

  func run() throws {
    let store = try location.open()
    // Before our own pin is one of those that are in the way.
    let pending = try store.pendingErasures()
    let log = try store.logByteCount()
    let snapshot = try store.snapshot()
    if let name {
      try reporting.write(
        GroupStatistics(try snapshot.group(named: name), logByteCount: log))
    } else {
      try reporting.write(
        try StoreStatistics(snapshot, pending: pending, logByteCount: log))
    }
  }
}

import ArgumentParser
import Hindcast
import HindcastCore
import HindcastStore

struct SnapshotsExpireCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "expire",
    abstract: "Give up old snapshots, and remove the files that only they need.",
    discussion: """
      --older-than 30d gives up those that were not the latest any more 30 days ago, so that \
      '--as-known' goes on answering for every time since. The history itself stays: the latest \
      snapshot answers as before. Snapshots with a name are kept, those that a reader uses stay on \
      disk until it is done and a writer comes. There is no way back: sets built on an expired \
      snapshot can't be audited any more.

      Examples:
        hindcast snapshots expire --older-than 30d --dry-run
        hindcast snapshots expire --keep-last 10
      """)

  @Option(
    name: .long, parsing: .unconditional,
    help: ArgumentHelp("Those that were replaced this long ago.", valueName: "30d"),
    transform: Arguments.span)
  var olderThan: TimeSpan?

  @Option(
    name: .long, parsing: .unconditional,
    help: ArgumentHelp("All but the last so many.", valueName: "n"))
  var keepLast: Int?

  @Flag(name: .long, help: "Say what would be given up, and change nothing.")
  var dryRun = false

  @OptionGroup var location: StoreOptions
  @OptionGroup var reporting: ReportOptions

  func validate() throws {
    if olderThan == nil, keepLast == nil {
      throw ValidationError("Say which: --older-than 30d, or --keep-last N")
    }
    if olderThan != nil, keepLast != nil {
      throw ValidationError("--older-than and --keep-last both say which: give one of them")
    }
    if let keepLast, keepLast < 1 {
      throw ValidationError("--keep-last \(keepLast): at least the last snapshot has to be kept")
    }
  }

  func run() throws {
    let policy = olderThan.map(ExpiryPolicy.olderThan) ?? .keepLast(keepLast ?? 1)
    let store = try location.open()
    let report =
      dryRun ? try store.plan(policy) : try store.withWriter { writer in try writer.expire(policy) }
    try reporting.write(RetentionReport(report, action: dryRun ? .plan : .expire))
  }
}

import ArgumentParser
import Hindcast
import HindcastCore
import HindcastStore

struct ExpireCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "expire",
    abstract: "Give up old history that no label from a time on needs.",
    discussion: """
      Drops the versions that can't answer any label at or after TIME, whatever its max age: each \
      record keeps the last one that was known by then. Answers from TIME on stay as they were; a \
      label whose time less the delay is before it is an error from now on, never a null. There is \
      no way back: --dry-run says first how much would go. A time later than now needs \
      --allow-future.

      Earlier snapshots still have everything, so that space comes back when they are given up. \
      Readers and writers work on meanwhile; the result is published when no writer holds the \
      store, so after the end of a stream.

      Examples:
        hindcast expire planes --before 2024-01-01 --dry-run
        hindcast expire planes --before 2024-01-01
      """)

  @Argument(help: "The group's name, or --all.")
  var name: String?

  @Flag(name: .long, help: "All groups.")
  var all = false

  @Option(
    name: .long, parsing: .unconditional,
    help: ArgumentHelp("The time from which on answers are kept.", valueName: "time"),
    transform: Arguments.instant)
  var before: Instant

  @Flag(name: .long, help: "Let the time be later than now, so that labels of today are refused.")
  var allowFuture = false

  @Flag(name: .long, help: "Say how many versions would be given up, and change nothing.")
  var dryRun = false

  @OptionGroup var rewriting: RewritingOptions

  @OptionGroup var location: StoreOptions
  @OptionGroup var reporting: ReportOptions

  func run() throws {
    guard (name == nil) == all else {
      throw ValidationError("Name either a group or --all")
    }
    let store = try location.open()
    var options = ExpireOptions(horizon: before)
    options.allowsFuture = allowFuture
    options.isDryRun = dryRun
    rewriting.apply(to: &options.rewriting)
    Signals.yieldToOthers()
    let report = try TerminalProgress.show { progress in
      try expire(name, of: store, options: options, progress: progress)
    }
    try reporting.write(report)
  }
}

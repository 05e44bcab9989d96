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
      label whose time less the delay is before it is an error from now on, never a null.

      Earlier snapshots still have everything, so that space comes back when they are given up. \
      Readers and writers work on meanwhile.

      Example:
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

  @Option(
    name: .long, parsing: .unconditional,
    help: ArgumentHelp("Write at most so much in a second.", valueName: "size"),
    transform: Arguments.byteCount)
  var rate: Int?

  @Option(
    name: .long, parsing: .unconditional,
    help: ArgumentHelp("The memory for merging; 512MiB without it.", valueName: "size"),
    transform: Arguments.byteCount)
  var memory: Int?

  @OptionGroup var location: StoreOptions
  @OptionGroup var reporting: ReportOptions

  func run() throws {
    guard (name == nil) == all else {
      throw ValidationError("Name either a group or --all")
    }
    if rate == 0 { throw ValidationError("--rate is at least 1 byte a second") }
    let store = try location.open()
    var options = CompactionOptions(bytesPerSecond: rate)
    if let memory { options.memoryBytes = memory }
    Signals.yieldToOthers()
    let report = try TerminalProgress.show { progress in
      try expire(name, of: store, before: before, options: options, progress: progress)
    }
    try reporting.write(report)
  }
}

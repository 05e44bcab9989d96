import ArgumentParser
import Hindcast
import HindcastCore
import HindcastFormat
import HindcastStore

struct CompactCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "compact",
    abstract: "Merge segments into fewer, so that reading costs less.",
    discussion: """
      Merges segments of like size that arrived one after the other; with --full all of them. No \
      answer changes, of any snapshot: versions go only where a later one has the same record, \
      event time and created time. Earlier snapshots keep the old segments, so that space comes \
      back when they are given up.

      Readers and writers work on meanwhile; the result is published when no writer holds the \
      store. A stream holds it to its end, and merges segments by itself. It may be stopped at \
      any moment: a merge under way leaves nothing, those before it stay.

      With --window, segments whose latest rows lie in different windows stay apart: what is old \
      is not written again for what is new.

      Examples:
        hindcast compact planes --full --rate 50MiB
        hindcast compact planes --window 30d
      """)

  @Argument(help: "The group's name; all groups without it.")
  var name: String?

  @Flag(name: .long, help: "Merge all segments of the group, whatever their size.")
  var full = false

  @Option(
    name: .long, parsing: .unconditional,
    help: ArgumentHelp(
      "Merge only within windows of so much event time, counted from 1970.", valueName: "30d"),
    transform: Arguments.span)
  var window: TimeSpan?

  @OptionGroup var rewriting: RewritingOptions

  @Option(name: .long, help: "How hard to compress: balanced, fast or small.")
  var profile = Profile.balanced

  @OptionGroup var location: StoreOptions
  @OptionGroup var reporting: ReportOptions

  func validate() throws {
    if window == .zero { throw ValidationError("--window is longer than nothing: 30d, for one") }
  }

  func run() throws {
    let store = try location.open()
    var options = CompactionOptions(isFull: full, profile: profile, window: window)
    rewriting.apply(to: &options)
    Signals.yieldToOthers()
    let report = try TerminalProgress.show { progress in
      try compact(name, of: store, options: options, progress: progress)
    }
    try reporting.write(report)
  }
}

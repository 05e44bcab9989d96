import ArgumentParser
import Hindcast
import HindcastCore
import HindcastStore

struct SnapshotsTagCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "tag",
    abstract: "Give a snapshot a name, and keep it for as long as it has one.",
    discussion: """
      The name stands wherever a snapshot's number does. It starts with a letter, then letters, \
      digits, '_', '-' and '.'. A snapshot may have several.

      Example:
        hindcast snapshots tag 12 credit-v1
        hindcast build ... --snapshot credit-v1
      """)

  @Argument(
    help: ArgumentHelp("The snapshot: a number, or a name that it has already."),
    transform: Arguments.snapshot)
  var snapshot: SnapshotSelector

  @Argument(help: "The new name.")
  var name: String

  @OptionGroup var location: StoreOptions
  @OptionGroup var reporting: ReportOptions

  func run() throws {
    let store = try location.open()
    let number = try store.snapshot(snapshot).number
    let commit = try store.withWriter { writer in try writer.tag(number, as: name) }
    let what = commit == nil ? "has the name '\(name)' already" : "is named '\(name)' now"
    try reporting.write(
      [
        "snapshot": .number(number), "name": .string(name),
        "commit": commit.map { .number($0.number) } ?? .null,
      ],
      text: "Snapshot \(number) \(what).\n")
  }
}

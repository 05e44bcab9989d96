import ArgumentParser
import Hindcast
import HindcastStore

struct GroupDropCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "drop",
    abstract: "Drop a feature group from now on.",
    discussion: """
      Older snapshots keep the group and its history; a new group may take the name.

      Example:
        hindcast group drop planes
      """)

  @Argument(help: "The group's name.")
  var name: String

  @OptionGroup var location: StoreOptions
  @OptionGroup var reporting: ReportOptions

  func run() throws {
    let store = try location.open()
    let commit = try store.withWriter { writer in try writer.apply([.drop(name)], note: "drop") }
    try reporting.write(
      ["group": .string(name), "commit": commit.map { .number($0.number) } ?? .null],
      text: "Dropped group \(name)\(commit.map { " in commit \($0.number)" } ?? "").\n")
  }
}

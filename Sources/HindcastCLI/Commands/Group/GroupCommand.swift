import ArgumentParser

struct GroupCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "group",
    abstract: "Create, show, change and drop feature groups.",
    discussion: """
      A group is the history of one kind of record: its identifiers, an event time, features.

      Example:
        hindcast group list
      """,
    subcommands: [
      GroupCreateCommand.self, GroupListCommand.self, GroupShowCommand.self,
      GroupUpdateCommand.self, GroupDropCommand.self,
    ])
}

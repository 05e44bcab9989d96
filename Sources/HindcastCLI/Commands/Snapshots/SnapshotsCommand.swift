import ArgumentParser

struct SnapshotsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "snapshots",
    abstract: "List the snapshots; name, expire and compare them.",
    discussion: """
      Each commit makes a snapshot. Its number, or a name, pins data, schema and settings: \
      'hindcast build --snapshot N'. Without a subcommand they are listed.

      Example:
        hindcast snapshots
      """,
    subcommands: [
      SnapshotsListCommand.self, SnapshotsTagCommand.self, SnapshotsUntagCommand.self,
      SnapshotsExpireCommand.self, SnapshotsDiffCommand.self,
    ],
    defaultSubcommand: SnapshotsListCommand.self)
}

import ArgumentParser

/// The command `hindcast`.
struct HindcastCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "hindcast",
    abstract: "Build leakage-free training sets, and serve the same history online.",
    discussion: """
      Feature history lives in a store: a folder of immutable segments. Every build joins labels \
      with what was known at their time, and no later.

      The store is --store DIR, else $HINDCAST_STORE, else the nearest folder .hindcast upward.
      Durations: 5ns 10us 250ms 90s 15m 6h 30d 2w. Times: ISO 8601, or a number with its unit \
      (1700000000s). Sizes: 64MiB.

      Exit code: 0 success, 1 failure, 64 a mistake in the arguments, 130 interrupted. With \
      --json a failure is one JSON object on standard error: {"error": CODE, "message": TEXT}.
      """,
    version: "0.1.0",
    subcommands: [
      InitCommand.self, ApplyCommand.self, GroupCommand.self, IngestCommand.self,
      BuildCommand.self, RebuildCommand.self, LatestCommand.self, GetCommand.self,
      DeleteCommand.self, SnapshotsCommand.self, HistoryCommand.self, VerifyCommand.self,
      RepairCommand.self, BackupCommand.self, StatsCommand.self, CompactCommand.self,
      ExpireCommand.self, InspectCommand.self, AuditCommand.self, BenchCommand.self,
      DatasetCommand.self,
    ])
}

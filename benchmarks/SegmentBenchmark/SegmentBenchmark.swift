import ArgumentParser

/// The command `SegmentBenchmark`: one job on one segment, timed, as one line of JSON.
///
/// Medians, alternation and the comparison with other formats are `format_vs_peers.py`'s.
@main
struct SegmentBenchmark: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "SegmentBenchmark",
    abstract: "Time one job on one segment and print what it took as a line of JSON.",
    subcommands: [
      WriteCommand.self, ScanCommand.self, LatestCommand.self, LookupCommand.self,
      OpenCommand.self, AblateCommand.self,
    ])
}

import ArgumentParser

/// The command `StoreBenchmark`: one job on a store of its own, timed, as one line of JSON.
@main
struct StoreBenchmark: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "StoreBenchmark",
    abstract: "Time one job on a new store and print what it took as a line of JSON.",
    subcommands: [StreamCommand.self, OpenCommand.self])
}

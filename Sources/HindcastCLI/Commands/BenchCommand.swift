import ArgumentParser
import Hindcast
import HindcastCore
import HindcastJoin
import HindcastStore

struct BenchCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "bench", abstract: "Measure on your own store.",
    subcommands: [BenchJoinCommand.self])
}

struct BenchJoinCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "join",
    abstract: "Compare the strategies of a build on your own store and labels.",
    discussion: """
      Labels are read first and nothing is written: timed is what strategies differ in, resolving \
      which row answers each label and gathering the features of those rows. Each strategy is \
      warmed up, then all take turns. The results must be equal, or the command fails.

      Columns: medians of resolving and gathering, each by itself and of both together; keys: \
      record identifiers compared; pages, read: pages and bytes read; values: values decoded. \
      The bar is the median, the slowest full. What a look-up left in the cache is not read again.

      nested, the reference, is quadratic and not among the strategies unless it is asked for.

      Example:
        hindcast bench join --labels flights.parquet --label-time label_time \\
          --features planes routes --strategies merge,probe,auto --runs 9
      """)

  @OptionGroup var labels: LabelOptions

  @Option(
    name: .long,
    help: ArgumentHelp("What is compared, separated by commas.", valueName: "name,..."))
  var strategies = "merge,probe,hash,auto"

  @Option(name: .long, help: "How often each is timed.")
  var runs = 5

  @OptionGroup var asOf: RequestOptions

  @OptionGroup var pin: SnapshotOptions

  @OptionGroup var resources: ResourceOptions
  @OptionGroup var location: StoreOptions
  @OptionGroup var reporting: ReportOptions

  func run() throws {
    var options = try labels.buildOptions(asOf, output: "-")
    try resources.apply(to: &options)
    let benchmark = try JoinBenchmark(
      snapshot: try location.open().snapshot(pin.selector), options: options,
      strategies: try parsedStrategies(), runs: runs)
    let report = try TerminalProgress.show { progress in
      try benchmark.run(progress: progress)
    }
    try reporting.write(report)
    guard report.isEqual else {
      throw HindcastError(.corrupt, "the strategies' results differ: please report this")
    }
  }

  private func parsedStrategies() throws -> [Strategy] {
    try strategies.split(whereSeparator: { $0 == "," || $0 == " " }).map { name in
      guard let strategy = Strategy(rawValue: String(name)) else {
        let known = Strategy.allCases.map(\.rawValue).joined(separator: ", ")
        throw ValidationError("There is no strategy '\(name)': choose from \(known)")
      }
      return strategy
    }
  }
}

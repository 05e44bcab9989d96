import HindcastCore
public import HindcastFormat
public import HindcastJoin
public import HindcastStore

/// Strategies side by side on a store and labels: the same request, resolved and gathered by each.
///
/// Labels are read once, before anything is timed; nothing is written. Every strategy is warmed up,
/// then all take turns, so that what else the machine does falls on all alike.
public struct JoinBenchmark {
  private let snapshot: Snapshot
  private let options: BuildOptions
  private let strategies: [Strategy]
  private let runs: Int

  private static let mostRuns = 1_000

  /// - Parameters:
  ///   - options: the labels and the request of a build; its output is not used.
  ///   - strategies: what is compared, in the order of the report.
  ///   - runs: how often each is timed.
  public init(
    snapshot: Snapshot, options: BuildOptions, strategies: [Strategy], runs: Int
  ) throws(HindcastError) {
    guard !strategies.isEmpty, (1...Self.mostRuns).contains(runs) else {
      throw HindcastError(
        .invalidArgument, "name at least one strategy, and 1 to \(Self.mostRuns) runs")
    }
    self.snapshot = snapshot
    self.options = options
    self.strategies = strategies
    self.runs = runs
  }

  /// Runs all, and compares the hashes of their results.
  /// - Throws: ``HindcastError`` as a build does.
  public func run(
    progress: any ProgressSink = SilentProgress()
  ) throws(HindcastError) -> JoinBenchmarkReport {
    var set = try TrainingSet(snapshot: snapshot, options: options)
    let chunks = try set.readChunks()
    var report = JoinBenchmarkReport(
      snapshot: snapshot.number, labelCount: set.source.rowCount, runs: runs,
      threads: Parallel.threadCount, results: strategies.map { .init(strategy: $0) })
    let rounds = runs + 1
    for round in 0..<rounds {
      for (index, strategy) in strategies.enumerated() {
        try Interruption.check()
        let lap = try set.answer(chunks, by: strategy, snapshot)
        report.results[index].add(lap, isWarmUp: round == 0)
        progress.update(
          phase: "bench", done: round * strategies.count + index + 1,
          total: rounds * strategies.count, unit: "runs")
      }
    }
    return report
  }
}

/// What strategies took on the same labels.
public struct JoinBenchmarkReport: Hashable, Sendable {
  /// The snapshot that was read.
  public var snapshot: UInt64
  /// The labels.
  public var labelCount: Int
  /// How often each strategy was timed.
  public var runs: Int
  /// The threads that worked.
  public var threads: Int
  /// A strategy each.
  public var results: [Result]

  /// One strategy's figures.
  public struct Result: Hashable, Sendable {
    /// The strategy.
    public var strategy: Strategy
    /// What `auto` chose, and how many segments each strategy resolved, over all views and chunks.
    public var chosen: [Strategy: Int] = [:]
    /// Seconds of each run, without the warm-up.
    public var resolveSeconds: [Double] = []
    /// Seconds of each run, without the warm-up.
    public var gatherSeconds: [Double] = []
    /// What resolving read in one run.
    public var resolveReads = ReadCounts()
    /// What gathering read in one run.
    public var gatherReads = ReadCounts()
    /// The hash of all values.
    public var xxh128 = ""
    /// What became of the labels, over all views.
    public var counts = OutcomeCounts()

    init(strategy: Strategy) { self.strategy = strategy }

    /// Seconds of each run, both steps.
    public var seconds: [Double] { zip(resolveSeconds, gatherSeconds).map { $0 + $1 } }

    mutating func add(_ lap: Lap, isWarmUp: Bool) {
      (chosen, xxh128, counts) = (lap.chosen, lap.xxh128, lap.counts)
      (resolveReads, gatherReads) = (lap.resolve.reads, lap.gather.reads)
      guard !isWarmUp else { return }
      resolveSeconds.append(lap.resolve.seconds)
      gatherSeconds.append(lap.gather.seconds)
    }
  }

  /// One run of one strategy.
  struct Lap {
    var chosen: [Strategy: Int] = [:]
    var resolve = BuildPlan.Step()
    var gather = BuildPlan.Step()
    var counts = OutcomeCounts()
    var xxh128 = ""
  }

  /// Whether all strategies gave the same values and the same outcomes.
  public var isEqual: Bool {
    Set(results.map(\.xxh128)).count <= 1 && Set(results.map(\.counts)).count <= 1
  }
}

extension TrainingSet {
  /// All labels, in the chunks of a build.
  fileprivate mutating func readChunks() throws(HindcastError) -> [LabelChunk] {
    let rows = chunkRows
    var chunks: [LabelChunk] = []
    while let chunk = try source.next(rows: rows, memoryBytes: options.memoryBytes) {
      chunks.append(chunk)
    }
    return chunks
  }

  /// Answers all chunks by one strategy, and counts what it took.
  fileprivate func answer(
    _ chunks: [LabelChunk], by strategy: Strategy, _ snapshot: Snapshot
  ) throws(HindcastError) -> JoinBenchmarkReport.Lap {
    var views = views
    for index in views.indices { views[index].restart(strategy) }
    let outputs = views.flatMap(\.outputs)
    let hash = ResultHash(names: outputs.map(\.name), types: outputs.map(\.type))
    for chunk in chunks {
      try hash.add(try views.answer(chunk, of: source))
    }
    var lap = JoinBenchmarkReport.Lap()
    for view in views {
      for (strategy, work) in view.plan.strategies {
        lap.chosen[strategy, default: 0] += work.segmentCount
      }
      lap.resolve.add(view.plan.resolve)
      lap.gather.add(view.plan.gather)
      lap.counts.add(view.counts)
    }
    lap.xxh128 = hash.finish()
    return lap
  }
}

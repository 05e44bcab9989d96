import ArgumentParser
import Foundation
import HindcastCore
import HindcastStore
import Synchronization

/// `stream`: durable rows a second, and how long a producer waits for its acknowledgement.
struct StreamCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "stream",
    abstract: "Stream rows of 14 features into a new store; print rates and latencies.",
    discussion: """
      pipelined: one producer that goes on while acknowledgements are under way. wait: one producer \
      that waits for each. tasks: as many as --tasks, each of which waits for its own.
      """)

  enum Mode: String, ExpressibleByArgument, CaseIterable {
    case pipelined
    case wait
    case tasks
  }

  @Argument(help: "A folder for the store; it must not be there yet.") var folder: String
  @Option(help: "How producers wait.") var mode = Mode.pipelined
  @Option(help: "Rows in all.") var rows = 1_000_000
  @Option(help: "Rows in a batch.") var batch = 100
  @Option(help: "Producers that wait, with --mode tasks.") var tasks = 8
  @Option(help: "Batches under way at most, with --mode pipelined.") var window = 64

  func run() async throws {
    let store = try Store.create(at: folder)
    try store.withWriter { _ = try $0.apply([.create(StreamRows.group)]) }
    let synchronization = try SynchronizationProbe.medianSeconds(in: folder)
    let batches = StreamRows(batchRows: batch).batches(max(1, rows / batch))
    let latencies = Latencies()
    let stream = try store.stream()
    let before = try store.snapshot().number
    let start = ContinuousClock.now
    switch mode {
    case .pipelined: try pipeline(batches, stream, latencies)
    case .wait: try await append(batches[...], to: stream, latencies)
    case .tasks: try await spread(batches, stream, latencies)
    }
    let seconds = (ContinuousClock.now - start) / .seconds(1)
    let commits = try store.snapshot().number - before
    try stream.close()
    let sorted = latencies.sorted()
    let count = batches.count * batch
    print(
      """
      {"job": "stream", "mode": "\(mode.rawValue)", "batchRows": \(batch), "rows": \(count), \
      "seconds": \(seconds), "rowsPerSecond": \(Double(count) / seconds), "commits": \(commits), \
      "rowsPerCommit": \(Double(count) / Double(commits)), \
      "medianMilliseconds": \(sorted[sorted.count / 2] * 1000), \
      "p99Milliseconds": \(sorted[sorted.count * 99 / 100] * 1000), \
      "maxMilliseconds": \(sorted[sorted.count - 1] * 1000), \
      "fdatasyncMilliseconds": \(synchronization * 1000), \
      "visibleRows": \(try visibleRows(store))}
      """)
  }

  private func visibleRows(_ store: Store) throws -> Int {
    let group = try store.snapshot().group(named: StreamRows.group.name)
    return group.segments.reduce(0) { $0 + $1.reference.rowCount }
  }

  private func pipeline(
    _ batches: [VersionBatch], _ stream: HindcastStore.Stream, _ latencies: Latencies
  ) throws {
    let free = DispatchSemaphore(value: window)
    for batch in batches {
      free.wait()
      let start = ContinuousClock.now
      try stream.submit(batch, to: StreamRows.group.name) { result in
        latencies.add(since: start)
        if case .failure(let error) = result { print("\(error)") }
        free.signal()
      }
    }
    try stream.flush()
  }

  private func append(
    _ batches: ArraySlice<VersionBatch>, to stream: HindcastStore.Stream, _ latencies: Latencies
  ) async throws {
    for batch in batches {
      let start = ContinuousClock.now
      _ = try await stream.append(batch, to: StreamRows.group.name)
      latencies.add(since: start)
    }
  }

  private func spread(
    _ batches: [VersionBatch], _ stream: HindcastStore.Stream, _ latencies: Latencies
  ) async throws {
    try await withThrowingTaskGroup(of: Void.self) { group in
      for task in 0..<tasks {
        let range = (batches.count * task / tasks)..<(batches.count * (task + 1) / tasks)
        group.addTask { try await append(batches[range], to: stream, latencies) }
      }
      try await group.waitForAll()
    }
  }
}

/// Seconds from adding a batch to its acknowledgement.
final class Latencies: Sendable {
  private let seconds = Mutex<[Double]>([])

  func add(since start: ContinuousClock.Instant) {
    let passed = (ContinuousClock.now - start) / .seconds(1)
    seconds.withLock { $0.append(passed) }
  }

  func sorted() -> [Double] { seconds.withLock { $0.sorted() } }
}

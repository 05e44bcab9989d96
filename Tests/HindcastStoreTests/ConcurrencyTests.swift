import Foundation
import HindcastCore
import HindcastStore
import HindcastTestKit
import Synchronization
import Testing

/// One store on a real disk, used by many threads at once.
///
/// `make races` runs these under the thread sanitizer.
@Suite struct ConcurrencyTests {
  @Test(.timeLimit(.minutes(10)))
  func readersDuringStreamsCompactionAndExpiry() async throws {
    let folder = FileManager.default.temporaryDirectory.path + "/hindcast-" + UUID().uuidString
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let store = try Store.create(at: folder)
    try store.withWriter { _ = try $0.apply([.create(scores())]) }
    let ledger = TurnLedger(recordCount: 4)
    let workers = Workers()
    workers.start { try Compactor(store: store, workers: workers).run() }
    workers.start { try Expirer(store: store, ledger: ledger, workers: workers).run() }
    for seed in 0..<3 as Range<UInt64> {
      workers.start {
        var reader = PinningReader(store: store, ledger: ledger, seed: seed)
        while !workers.isStopping { try reader.read() }
      }
    }
    do {
      for _ in 0..<6 { try await stream(into: store, ledger, turnCount: 15) }
    } catch {
      workers.fail(error)
    }
    try workers.finish()
    let report = try Store.open(at: folder).verify(deep: true)
    #expect(report.isSound, "\(report.problems)")
    try ledger.check(Turns(store.snapshot()), acknowledged: ledger.acknowledged)
  }

  @Test(.timeLimit(.minutes(10)))
  func manyThreadsAskOneSnapshot() throws {
    let folder = FileManager.default.temporaryDirectory.path + "/hindcast-" + UUID().uuidString
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let store = try Store.create(at: folder)
    var random = SplitMix64(seed: 8)
    let rows = Row.random(20_000, &random)
    try store.withWriter { writer in
      try writer.apply([.create(accounts())])
      for start in stride(from: 0, to: rows.count, by: 5_000) {
        let appender = try writer.append(to: "accounts")
        try appender.append(Row.batch(Array(rows[start..<start + 5_000])))
        _ = try appender.commit()
      }
    }
    let group = try Store.open(at: folder).snapshot().group(named: "accounts")
    let workers = Workers()
    for _ in 0..<4 {
      workers.start {
        guard try Row.readAll(group) == Row.sorted(rows) else {
          throw HindcastError(.corrupt, "a thread read other rows")
        }
      }
    }
    try workers.finish()
  }

  /// A stream to which one task a record adds version after version, each once the one before is
  /// durable.
  private func stream(into store: Store, _ ledger: TurnLedger, turnCount: Int) async throws {
    let options = StreamOptions(logCommitLimit: 6)
    let stream: HindcastStore.Stream
    while true {
      do {
        stream = try store.stream(options: options)
        break
      } catch {
        guard error.code == .busy else { throw error }
        try await Task.sleep(for: .milliseconds(5))
      }
    }
    let first = ledger.acknowledged
    try await withThrowingTaskGroup(of: Void.self) { tasks in
      for record in first.indices {
        tasks.addTask {
          for turn in first[record] + 1...first[record] + turnCount {
            _ = try await stream.append(Turns.version(record, turn), to: "scores")
            ledger.acknowledge(record, turn)
          }
        }
      }
      try await tasks.waitForAll()
    }
    try stream.close()
    // Who waits for the lock gets a turn.
    try await Task.sleep(for: .milliseconds(30))
  }
}

/// The event times of each record of the group `scores`; versions come in their order, each with a
/// score that follows from its record and time.
private struct Turns: Equatable {
  private(set) var times: [Int: [Int]] = [:]

  static func score(_ record: Int, _ turn: Int) -> Int128 { Int128(record * 1_000_000 + turn) }

  static func version(_ record: Int, _ turn: Int) -> Version {
    Version(
      identifier: [.integer(Int128(record))], eventTime: Int64(turn),
      features: [.integer(score(record, turn))])
  }

  /// Reads a snapshot.
  init(_ snapshot: Snapshot) throws {
    for segment in try snapshot.group(named: "scores").segments {
      let reader = try segment.reader()
      let column = try #require(reader.feature(id: reader.schema.features[0].id))
      let scores = try (0..<column.pageCount).flatMap { try column.page($0).values }
      let events = try (0..<reader.eventTimes.pageCount).flatMap {
        try reader.eventTimes.page($0).values
      }
      for (score, event) in zip(scores, events) {
        let (score, turn) = (Int(try #require(score.number)), Int(try #require(event.number)))
        guard score % 1_000_000 == turn else {
          throw HindcastError(.corrupt, "the score at \(turn) is \(score)")
        }
        times[score / 1_000_000, default: []].append(turn)
      }
    }
    for record in times.keys { times[record]?.sort() }
  }
}

/// The last acknowledged version of each record, and the horizon that may hold.
private final class TurnLedger: Sendable {
  private let state: Mutex<(acknowledged: [Int], horizon: Int)>

  init(recordCount: Int) { state = Mutex((Array(repeating: 0, count: recordCount), 0)) }

  var acknowledged: [Int] { state.withLock(\.acknowledged) }

  func acknowledge(_ record: Int, _ turn: Int) {
    state.withLock { $0.acknowledged[record] = turn }
  }

  /// Moves the horizon to the last time that all records have.
  func moveHorizon() -> Int {
    state.withLock { state in
      state.horizon = state.acknowledged.min() ?? 0
      return state.horizon
    }
  }

  /// Checks that a snapshot opened after `acknowledged` holds of each record all versions from the
  /// horizon on, once each, and at least up to the acknowledged one.
  func check(_ turns: Turns, acknowledged: [Int]) throws {
    let horizon = state.withLock(\.horizon)
    for (record, last) in acknowledged.enumerated() where last > 0 {
      let times = turns.times[record] ?? []
      guard let first = times.first, let end = times.last, end >= last, first <= max(1, horizon),
        times == Array(first...end)
      else {
        throw HindcastError(
          .corrupt, "record \(record) has \(times) after \(last), horizon \(horizon)")
      }
    }
  }
}

/// Opens snapshots, holds them for a while, and reads them again before it lets them go.
private struct PinningReader {
  let store: Store
  let ledger: TurnLedger
  private var random: SplitMix64
  private var pinned: [(snapshot: Snapshot, turns: Turns)] = []

  init(store: Store, ledger: TurnLedger, seed: UInt64) {
    self.store = store
    self.ledger = ledger
    random = SplitMix64(seed: seed)
  }

  mutating func read() throws {
    let opened = random.oneIn(4) ? try Store.open(at: store.path) : store
    do {
      if random.oneIn(3), let old = try opened.commits().randomElement(using: &random) {
        let snapshot = try opened.snapshot(old.number)
        if old.number > 2 { pinned.append((snapshot, try Turns(snapshot))) }
      } else {
        let acknowledged = ledger.acknowledged
        let snapshot = try opened.snapshot()
        let turns = try Turns(snapshot)
        try ledger.check(turns, acknowledged: acknowledged)
        pinned.append((snapshot, turns))
      }
    } catch let error as HindcastError {
      // A snapshot may be given up before it is pinned.
      guard [.expired, .busy].contains(error.code) else { throw error }
    }
    while pinned.count > random.int(0...4) {
      let (snapshot, turns) = pinned.removeFirst()
      let again = try Turns(snapshot)
      guard again == turns else {
        throw HindcastError(
          .corrupt, "snapshot \(snapshot.number) had \(turns), now it has \(again)")
      }
    }
  }
}

/// Merges segments, some or all, again and again.
private struct Compactor {
  let store: Store
  let workers: Workers

  func run() throws {
    var isFull = false
    while !workers.isStopping {
      do {
        try store.compact("scores", options: CompactionOptions(isFull: isFull, memoryBytes: 1))
      } catch {
        guard error.code == .busy else { throw error }
      }
      isFull.toggle()
      Thread.sleep(forTimeInterval: 0.005)
    }
  }
}

/// Gives up snapshots and history, again and again, and names a snapshot now and then.
private struct Expirer {
  let store: Store
  let ledger: TurnLedger
  let workers: Workers

  func run() throws {
    var round = 0
    while !workers.isStopping {
      do {
        if round % 3 == 2 {
          let horizon = Instant(ticks: Int64(ledger.moveHorizon()), unit: .second)
          _ = try store.expire("scores", before: horizon)
        } else {
          try store.withWriter { writer in
            try writer.expire(.keepLast(3))
            if round % 2 == 0 { try writer.tag(store.snapshot().number, as: "r\(round)") }
          }
        }
        round += 1
      } catch let error as HindcastError {
        guard error.code == .busy else { throw error }
      }
      Thread.sleep(forTimeInterval: 0.003)
    }
  }
}

/// Threads of a test; the first error of any stops all.
private final class Workers: Sendable {
  private let threads = Mutex<[JoinedThread]>([])
  private let failure = Mutex<(any Error)?>(nil)
  private let stopping = Atomic<Bool>(false)

  var isStopping: Bool { stopping.load(ordering: .relaxed) }

  func start(_ body: @escaping @Sendable () throws -> Void) {
    let thread = OwnThread { [self] in
      do {
        try body()
      } catch {
        fail(error)
      }
    }
    guard let thread else {
      Issue.record("no thread")
      return
    }
    let joined = JoinedThread(thread)
    threads.withLock { $0.append(joined) }
  }

  func fail(_ error: any Error) {
    failure.withLock { $0 = $0 ?? error }
    stopping.store(true, ordering: .relaxed)
  }

  /// Stops the threads and throws the first error.
  func finish() throws {
    stopping.store(true, ordering: .relaxed)
    for thread in threads.withLock({ $0 }) { thread.join() }
    if let error = failure.withLock({ $0 }) { throw error }
  }
}

private final class JoinedThread: @unchecked Sendable {
  private var thread: OwnThread?

  init(_ thread: consuming OwnThread) { self.thread = consume thread }

  func join() { thread.take()?.join() }
}

import Dispatch
import HindcastCore
import HindcastStore
import HindcastTestKit
import Synchronization
import Testing

/// What waits while a commit is under way shares the next one.
@Suite struct GroupCommitTests {
  private let disk = SimulatedFileSystem()
  private let store: Store

  init() throws {
    store = try Store.create(at: "/store", on: disk)
    try store.withWriter { writer in
      _ = try writer.apply([.create(accounts()), .create(accounts("other"))])
    }
  }

  private struct Batch {
    let rows: [Row]
    var group = "accounts"
    var id: String?
  }

  /// Streams batches that all wait while a commit before them is acknowledged; their receipts.
  private func stream(_ batches: [Batch]) throws -> [StreamReceipt] {
    let stream = try store.stream()
    let (isHeld, goesOn) = (DispatchSemaphore(value: 0), DispatchSemaphore(value: 0))
    try stream.submit(Row.batch([]), to: "accounts", batchID: "first") { _ in
      isHeld.signal()
      goesOn.wait()
    }
    isHeld.wait()
    let receipts = Mutex<[StreamReceipt]>([])
    do {
      defer { goesOn.signal() }
      for batch in batches {
        try stream.submit(Row.batch(batch.rows), to: batch.group, batchID: batch.id) { result in
          guard let receipt = try? result.get() else { return }
          receipts.withLock { $0.append(receipt) }
        }
      }
    }
    try stream.close()
    return receipts.withLock { $0 }
  }

  private func rows(_ group: String) throws -> [Row] {
    try Row.readAll(Store.open(at: "/store", on: disk).snapshot().group(named: group))
  }

  @Test func allThatWaitsSharesACommit() throws {
    var random = SplitMix64(seed: 1)
    let batches = [1, 7, 0, 300, 1, 2, 40, 1].enumerated().map { index, count in
      Batch(rows: Row.random(count, &random), group: index % 3 == 1 ? "other" : "accounts")
    }
    let receipts = try stream(batches)
    #expect(receipts.map(\.rowCount) == batches.map(\.rows.count))
    #expect(Set(receipts.map(\.commitNumber)).count == 1)
    for group in ["accounts", "other"] {
      let wanted = batches.filter { $0.group == group }.flatMap(\.rows)
      #expect(try rows(group) == Row.sorted(wanted), "\(group)")
    }
    #expect(try store.verify(deep: true).problems.isEmpty)
  }

  @Test func aBatchRepeatedInOneCommitCountsOnce() throws {
    var random = SplitMix64(seed: 2)
    let some = Row.random(5, &random)
    let receipts = try stream([
      Batch(rows: some, id: "a"), Batch(rows: some, group: "other", id: "a"),
      Batch(rows: some, id: "a"), Batch(rows: some), Batch(rows: some, id: "b"),
    ])
    #expect(receipts.map(\.isDuplicate) == [false, false, true, false, false])
    #expect(receipts.map(\.rowCount) == [5, 5, 0, 5, 5])
    #expect(Set(receipts.map(\.commitNumber)).count == 1)
    #expect(try rows("accounts") == Row.sorted(some + some + some))
    #expect(try rows("other") == Row.sorted(some))
  }

  @Test func aCommitTakesInSoManyBytes() throws {
    let row = Row(account: String(repeating: "x", count: 1 << 10), at: 1)
    // About 3 MiB each; a commit has 8 at most.
    let batches = (0..<5).map { _ in Batch(rows: Array(repeating: row, count: 3_000)) }
    let numbers = try stream(batches).map(\.commitNumber)
    let first = try #require(numbers.first)
    #expect(numbers.map { $0 - first } == [0, 0, 1, 1, 2])
  }
}

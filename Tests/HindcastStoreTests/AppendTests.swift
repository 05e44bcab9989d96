import Foundation
import HindcastCore
import HindcastFormat
import HindcastStore
import HindcastTestKit
import Testing

@Suite struct AppendTests {
  private let disk = SimulatedFileSystem()

  private func makeStore() throws -> Store {
    let store = try Store.create(at: "/store", on: disk)
    try store.withWriter { _ = try $0.apply([.create(accounts())]) }
    return store
  }

  /// Ingests rows in parts of the given sizes, and returns what each segment holds.
  private func ingest(
    _ rows: [Row], in store: Store, batchRows: Int, options: AppendOptions = AppendOptions()
  ) throws -> AppendResult {
    try store.withWriter { writer in
      let appender = try writer.append(to: "accounts", options: options)
      for start in stride(from: 0, to: rows.count, by: batchRows) {
        try appender.append(Row.batch(Array(rows[start..<min(rows.count, start + batchRows)])))
      }
      return try appender.commit()
    }
  }

  private func segments(_ store: Store, _ number: UInt64? = nil) throws -> [[Row]] {
    let group = try store.snapshot(number).group(named: "accounts")
    return try group.segments.map { try Row.read($0.reader()) }
  }

  @Test(arguments: [1, 2, 3, 7, 100, 3_000], [1, 13, 5_000])
  func rowsComeBackInOrder(count: Int, batchRows: Int) throws {
    let seed = UInt64.random(in: 0...9_999)
    var random = SplitMix64(seed: seed)
    let rows = Row.random(count, &random)
    let store = try makeStore()
    let result = try ingest(rows, in: store, batchRows: batchRows)
    #expect(result.commitNumber == 3)
    #expect(result.rowCount == count)
    #expect(result.tombstoneCount == rows.count(where: \.isGone))
    #expect(try segments(store) == [Row.sorted(rows)], "seed \(seed)")
    let reference = try #require(
      try store.snapshot().group(named: "accounts").segments.first?.reference)
    #expect(reference.columns.map(\.fieldID) == [2, 3])
    #expect(reference.columns[0].nullCount == rows.count { $0.balance == nil })
    #expect(reference.minEventTime == rows.map(\.at).min())
    #expect(try disk.list("/store/tmp").isEmpty)
  }

  @Test(arguments: [0, 1, 3])
  func whatDoesNotFitIntoMemoryGoesToSomeSegmentsAndThenToOneMore(count: Int) throws {
    let seed = UInt64.random(in: 0...9_999)
    var random = SplitMix64(seed: seed)
    let rows = Row.random(20_000, &random)
    let store = try makeStore()
    let result = try ingest(
      rows, in: store, batchRows: 500,
      options: AppendOptions(memoryBytes: 1 << 18, segmentsPerIngest: count))
    #expect(result.segmentCount == count + 1, "seed \(seed)")
    #expect(result.spilledRunCount > 2, "seed \(seed)")
    // Rows that are equal in order stand in the segments as they came.
    let parts = try segments(store)
    for part in parts { #expect(part == Row.sorted(part)) }
    #expect(Row.sorted(parts.flatMap { $0 }) == Row.sorted(rows), "seed \(seed)")
    #expect(try disk.list("/store/tmp").isEmpty)
    #expect(try store.verify(deep: true).isSound)
  }

  @Test func aPartThatFitsIsASegment() throws {
    var random = SplitMix64(seed: 7)
    let rows = Row.random(300, &random)
    let store = try makeStore()
    let result = try ingest(
      rows, in: store, batchRows: 100, options: AppendOptions(memoryBytes: 1))
    #expect(result.segmentCount == 3 && result.spilledRunCount == 0)
    #expect(
      try segments(store)
        == stride(from: 0, to: 300, by: 100).map { Row.sorted(Array(rows[$0..<$0 + 100])) })
  }

  @Test func sortedInputGoesToOneSegment() throws {
    var random = SplitMix64(seed: 1)
    let rows = Row.sorted(Row.random(30_000, &random))
    let store = try makeStore()
    let result = try ingest(
      rows, in: store, batchRows: 999,
      options: AppendOptions(memoryBytes: 1 << 20, segmentsPerIngest: 1))
    #expect(result.segmentCount == 1 && result.spilledRunCount == 0)
    #expect(try segments(store) == [rows])
  }

  /// The pages of a segment are laid out for the values that it was begun with.
  @Test func muchLargerValuesBeginASegment() throws {
    let long = String(repeating: "x", count: 100_000)
    let rows = (0..<40).map { row in
      Row(account: String(format: "%02d", row), at: 1, tags: [row < 20 ? "x" : long])
    }
    let store = try makeStore()
    let options = AppendOptions(memoryBytes: 1)
    #expect(try ingest(rows, in: store, batchRows: 10, options: options).segmentCount == 2)
    #expect(try segments(store) == [Array(rows[..<20]), Array(rows[20...])])
  }

  /// Batches large enough to be sorted by themselves: in any order of times, each after the one
  /// before, and with times that both sides of a boundary have.
  @Test(arguments: ["any", "ascending", "touching"])
  func largeBatchesAreMerged(times: String) throws {
    let seed = UInt64.random(in: 0...9_999)
    var random = SplitMix64(seed: seed)
    var rows = Row.random(30_000, &random)
    for row in rows.indices {
      rows[row].account += String(Int.random(in: 0..<50, using: &random))
      switch times {
      case "ascending": rows[row].at = Int64(row)
      case "touching": rows[row].at = Int64((row + 2_500) / 5_000)
      default: break
      }
    }
    let store = try makeStore()
    #expect(try ingest(rows, in: store, batchRows: 5_000).segmentCount == 1)
    #expect(try segments(store) == [Row.sorted(rows)], "seed \(seed)")
  }

  @Test func segmentsOfOneCommitHoldDifferentRecords() throws {
    var random = SplitMix64(seed: 2)
    let rows = Row.random(2_000, &random)
    let store = try makeStore()
    let result = try ingest(
      rows, in: store, batchRows: 300, options: AppendOptions(rowsPerSegment: 500))
    #expect(result.segmentCount > 2)
    let parts = try segments(store)
    #expect(parts.flatMap { $0 } == Row.sorted(rows))
    for (a, b) in zip(parts, parts.dropFirst()) {
      #expect(Set(a.map(\.account)).isDisjoint(with: b.map(\.account)))
    }
  }

  @Test func eachCommitIsASegmentAndOldSnapshotsStay() throws {
    var random = SplitMix64(seed: 3)
    let store = try makeStore()
    let parts = (0..<4).map { _ in Row.random(50, &random) }
    for part in parts { _ = try ingest(part, in: store, batchRows: 20) }
    let reopened = try Store.open(at: "/store", on: disk)
    for count in 0...4 {
      #expect(try segments(reopened, UInt64(2 + count)) == parts.prefix(count).map(Row.sorted))
    }
    #expect(try reopened.commits().map(\.rowCount) == [0, 0, 50, 50, 50, 50])
  }

  @Test func repeatedBatchChangesNothing() throws {
    var random = SplitMix64(seed: 4)
    let rows = Row.random(10, &random)
    let store = try makeStore()
    let options = AppendOptions(batchID: "monday")
    #expect(try ingest(rows, in: store, batchRows: 10, options: options).commitNumber == 3)
    let again = try ingest(rows, in: store, batchRows: 10, options: options)
    #expect(again.isDuplicate)
    #expect(again.commitNumber == 3)
    #expect(again.rowCount == 0)
    #expect(try store.snapshot().number == 3)
    // Its bytes tell it from others, not what it looks like.
    for (number, name) in zip(UInt64(4)..., ["caf\u{e9}", "cafe\u{301}"]) {
      let next = try ingest(rows, in: store, batchRows: 10, options: AppendOptions(batchID: name))
      #expect(!next.isDuplicate && next.commitNumber == number)
    }
    // The name counts per group.
    try store.withWriter { writer in
      try writer.apply([.create(accounts("others"))])
      let appender = try writer.append(to: "others", options: options)
      #expect(appender.duplicateOf == nil)
      try appender.append(Row.batch(rows))
      #expect(try appender.commit().commitNumber == 7)
    }
  }

  @Test func cancelledAndEmptyIngestsLeaveNothing() throws {
    var random = SplitMix64(seed: 5)
    let store = try makeStore()
    try store.withWriter { writer in
      let appender = try writer.append(
        to: "accounts", options: AppendOptions(memoryBytes: 1 << 20, segmentsPerIngest: 2))
      for _ in 0..<20 { try appender.append(Row.batch(Row.random(1_000, &random))) }
      #expect(try !disk.list("/store/tmp").isEmpty && !disk.list("/store/segments").isEmpty)
      appender.cancel()
      #expect(try disk.list("/store/tmp").isEmpty && disk.list("/store/segments").isEmpty)
      expectError(.cancelled) { _ = try appender.commit() }
      let empty = try writer.append(to: "accounts").commit()
      #expect(empty.commitNumber == 2)
      // One that is forgotten is cancelled with the writer.
      let forgotten = try writer.append(
        to: "accounts", options: AppendOptions(memoryBytes: 1 << 20))
      for _ in 0..<20 { try forgotten.append(Row.batch(Row.random(1_000, &random))) }
    }
    #expect(try disk.list("/store/tmp").isEmpty && disk.list("/store/segments").isEmpty)
    #expect(try store.snapshot().number == 2)
  }

  @Test func oldSegmentsLackNewFeatures() throws {
    var random = SplitMix64(seed: 6)
    let store = try makeStore()
    _ = try ingest(Row.random(5, &random), in: store, batchRows: 5)
    var wider = accounts()
    wider.features.append(Field(id: 0, name: "limit", type: .int32))
    try store.withWriter { _ = try $0.apply([.update(wider)]) }
    let group = try store.snapshot().group(named: "accounts")
    #expect(group.definition.features.map(\.id) == [2, 3, 4])
    #expect(try group.segments[0].reader().feature(id: 4) == nil)
  }
}

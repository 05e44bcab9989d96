import HindcastCore
import HindcastFormat
import HindcastStore
import HindcastTestKit
import Testing

@Suite struct CompactionTests {
  /// A store with a commit for each of `counts`, and its rows in order of arrival.
  private func store(
    _ counts: [Int], on disk: SimulatedFileSystem = SimulatedFileSystem()
  ) throws -> (store: Store, rows: [Row]) {
    var random = SplitMix64(seed: 3)
    let store = try Store.create(at: "/store", on: disk)
    var rows: [Row] = []
    try store.withWriter { writer in
      try writer.apply([.create(accounts())])
      for count in counts {
        let part = Row.random(count, &random)
        rows += part
        let appender = try writer.append(to: "accounts")
        try appender.append(Row.batch(part))
        _ = try appender.commit()
      }
    }
    return (store, rows)
  }

  private func segments(_ store: Store, _ snapshot: UInt64? = nil) throws -> [StoredSegment] {
    try store.snapshot(snapshot).group(named: "accounts").segments
  }

  @Test func tiersMergeEqualsAndLeaveTheLargeOne() throws {
    let (store, _) = try store([5_000, 20, 20, 20, 20])
    let result = try store.compact("accounts")
    #expect(result.commits == [8])
    #expect(result.removedSegmentCount == 4)
    #expect(try segments(store).map(\.reference.commits) == [3...3, 4...7])
    #expect(try store.compact("accounts").commits.isEmpty)
  }

  @Test func segmentsOfOneIngestMerge() throws {
    let (store, _) = try store([])
    var random = SplitMix64(seed: 4)
    let rows = Row.random(500, &random)
    try store.withWriter { writer in
      let appender = try writer.append(to: "accounts", options: AppendOptions(memoryBytes: 1))
      for start in stride(from: 0, to: 500, by: 100) {
        try appender.append(Row.batch(Array(rows[start..<start + 100])))
      }
      #expect(try appender.commit().segmentCount == 5)
    }
    let result = try store.compact("accounts")
    #expect(result.removedSegmentCount == 5 && result.addedSegmentCount == 1)
    let merged = try segments(store)
    #expect(merged.map(\.reference.commits) == [3...3])
    // Of what is equal in all three the last stays.
    var last: [Row] = []
    for row in Row.sorted(rows) {
      if let before = last.last,
        (before.account, before.at) == (row.account, row.at), before.known == row.known
      {
        last.removeLast()
      }
      last.append(row)
    }
    #expect(try merged.map { try Row.read($0.reader()) } == [last])
    #expect(try store.compact("accounts", options: CompactionOptions(isFull: true)).commits.isEmpty)
  }

  /// A commit of two rows for each of `counts` in each window of 10 microseconds.
  private func arrived(_ counts: [Int]) throws -> Store {
    let store = try Store.create(at: "/store", on: SimulatedFileSystem())
    try store.withWriter { writer in
      try writer.apply([.create(accounts())])
      for (window, count) in counts.enumerated() {
        for index in 0..<count {
          let appender = try writer.append(to: "accounts")
          // The second window before 1970, and one row that is late.
          let at = Int64(window - 2) * 10 + (index == 1 ? -25 : 9)
          let late = Row(account: "late", at: at - 30, balance: 1)
          try appender.append(Row.batch([Row(account: "a\(index)", at: at, balance: 2), late]))
          _ = try appender.commit()
        }
      }
    }
    return store
  }

  @Test func windowsOfTimeStayApart() throws {
    // The rows of index 1 are of an earlier window, and so apart.
    let store = try arrived([6, 1, 5])
    let window = TimeSpan(nanoseconds: 10_000)
    let full = CompactionOptions(isFull: true, window: window)
    let result = try store.compact("accounts", options: full)
    #expect(result.commits.count == 2)
    #expect(
      try segments(store).map(\.reference.commits)
        == [3...3, 4...4, 5...8, 9...9, 10...10, 11...11, 12...14])
    #expect(try store.compact("accounts", options: full).commits.isEmpty)
    #expect(try store.verify(deep: true).problems.isEmpty)
    let once = try store.compact("accounts", options: CompactionOptions(isFull: true))
    #expect(once.commits.count == 1)
    #expect(try segments(store).map(\.reference.commits) == [3...14])
  }

  @Test func tiersMergeWithinAWindow() throws {
    let store = try arrived([1, 0, 1, 0, 1, 0, 1])
    let apart = CompactionOptions(window: TimeSpan(nanoseconds: 10_000))
    #expect(try store.compact("accounts", options: apart).commits.isEmpty)
    let together = CompactionOptions(window: TimeSpan(nanoseconds: 1_000_000_000_000))
    // The first window begins at 0, so that what is before it is apart.
    #expect(try store.compact("accounts", options: together).commits.isEmpty)
    #expect(try store.compact("accounts").commits.count == 1)
  }

  @Test func earlierSnapshotsReadTheOldSegments() throws {
    let disk = SimulatedFileSystem()
    let (store, rows) = try store([40, 30, 20], on: disk)
    let before = try segments(store)
    let result = try store.compact("accounts", options: CompactionOptions(isFull: true))
    #expect(result.addedRowCount < result.removedRowCount)
    let merged = try #require(try segments(store).first)
    #expect(merged.reference.commits == 3...5)
    var last: [Row] = []
    for row in Row.sorted(rows) {
      if let previous = last.last, previous.account == row.account, previous.at == row.at,
        previous.known == row.known
      {
        last.removeLast()
      }
      last.append(row)
    }
    #expect(try Row.read(merged.reader()) == last)
    let fresh = try Store.open(at: "/store", on: disk)
    #expect(try segments(fresh, 5).map(\.reference) == before.map(\.reference))
    for segment in try segments(fresh, 5) { _ = try Row.read(segment.reader()) }
    try fresh.withWriter { _ in }
    #expect(try fresh.verify(deep: true).problems.isEmpty)
    #expect(try fresh.verify(deep: true).segmentCount == 4)
    #expect(try segments(fresh, 5).count == 3)
  }

  @Test func replacedSegmentsOutliveCheckpoints() throws {
    let disk = SimulatedFileSystem()
    let (store, _) = try store(Array(repeating: 3, count: 90), on: disk)
    try store.compact("accounts")
    try store.withWriter { writer in
      for index in 0..<30 { try writer.apply([.create(scores("s\(index)"))]) }
    }
    let fresh = try Store.open(at: "/store", on: disk)
    try fresh.withWriter { _ in }
    #expect(try fresh.verify(deep: false).problems.isEmpty)
    #expect(try segments(fresh, 50).count == 48)
    for segment in try segments(fresh, 50) { _ = try Row.read(segment.reader()) }
  }

  @Test func writersGoOnBesideAndAreNotUndone() throws {
    let (store, rows) = try store([10, 10, 10, 10])
    var hasWritten = false
    let result = try store.compact("accounts", options: CompactionOptions(isFull: true)) {
      (state) throws(HindcastError) in
      guard case .rows = state, !hasWritten else { return }
      hasWritten = true
      // A writer that opens and cleans up while the merge is under way.
      do {
        try store.withWriter { writer in
          let appender = try writer.append(to: "accounts")
          try appender.append(Row.batch(Array(rows.prefix(4))))
          _ = try appender.commit()
        }
      } catch { throw HindcastError(.io, "\(error)") }
    }
    #expect(result.commits == [8])
    #expect(try segments(store).map(\.reference.commits) == [3...6, 7...7])
    #expect(try store.verify(deep: true).problems.isEmpty)
  }

  @Test func aGroupDroppedMeanwhileIsLeftAlone() throws {
    let disk = SimulatedFileSystem()
    let (store, _) = try store([10, 10], on: disk)
    let result = try store.compact("accounts", options: CompactionOptions(isFull: true)) {
      (state) throws(HindcastError) in
      guard case .rows = state, try !store.snapshot().groups.isEmpty else { return }
      do {
        try store.withWriter { _ = try $0.apply([.drop("accounts")]) }
      } catch { throw HindcastError(.io, "\(error)") }
    }
    #expect(result.commits.isEmpty && result.overtakenCount == 1)
    #expect(try disk.list("/store/tmp").isEmpty)
    #expect(try disk.list("/store/segments").count == 2)
  }

  @Test func stoppingLeavesNothing() throws {
    let disk = SimulatedFileSystem()
    let (store, _) = try store([10, 10], on: disk)
    expectError(.cancelled) {
      try store.compact("accounts", options: CompactionOptions(isFull: true)) {
        (_) throws(HindcastError) in throw HindcastError(.cancelled, "stop")
      }
    }
    #expect(try disk.list("/store/tmp").isEmpty)
    #expect(try store.snapshot().number == 4)
  }

  @Test func oneRewritingAtATime() throws {
    let (store, _) = try store([10, 10])
    try store.compact("accounts", options: CompactionOptions(isFull: true)) {
      (_) throws(HindcastError) in
      let error = expectError(.busy) { try store.compact("accounts") }
      #expect(error?.message.contains("process 1 on simulation") == true)
    }
  }

  @Test func aPaceIsKept() throws {
    let (store, _) = try store([500, 500])
    let start = ContinuousClock.now
    let result = try store.compact(
      "accounts", options: CompactionOptions(isFull: true, bytesPerSecond: 40_000))
    let seconds = Double(result.addedByteCount) / 40_000
    #expect(ContinuousClock.now - start >= .seconds(seconds * 0.9))
  }
}

@Suite struct CompactedDefaultTests {
  @Test func whatASegmentLacksIsItsDefaultAfterwards() throws {
    let disk = SimulatedFileSystem()
    let store = try Store.create(at: "/store", on: disk)
    try store.withWriter { writer in
      _ = try writer.apply([.create(scores())])
      for time in 0..<2 as Range<Int64> {
        let appender = try writer.append(to: "scores")
        try appender.append(
          VersionBatch(
            [Version(identifier: [.integer(1)], eventTime: time, features: [.integer(5)])],
            of: scores()))
        _ = try appender.commit()
      }
      var wider = try store.snapshot().group(named: "scores").definition
      wider.features.append(Field(id: 0, name: "more", type: .int32, defaultValue: .integer(7)))
      _ = try writer.apply([.update(wider)])
    }
    _ = try store.compact("scores", options: CompactionOptions(isFull: true))
    let group = try Store.open(at: "/store", on: disk).snapshot().group(named: "scores")
    let more = try #require(group.definition.feature(named: "more"))
    #expect(group.segments.count == 1)
    let segment = try group.segments[0].reader()
    #expect(try segment.column(of: more).page(0).values == [.integer(7), .integer(7)])
  }
}

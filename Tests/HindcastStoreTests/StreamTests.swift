import HindcastCore
import HindcastFormat
import HindcastStore
import HindcastTestKit
import Testing

extension Row {
  /// All rows of a group, in the order of versions.
  static func readAll(_ group: GroupSnapshot) throws -> [Row] {
    sorted(try group.segments.flatMap { try read($0.reader()) })
  }
}

extension Row {
  /// Of rows equal in record, event time and created time the last one: all that answers can show.
  static func last(_ rows: [Row]) -> [Row] {
    rows.indices.filter { index in
      guard index + 1 < rows.count else { return true }
      let (row, next) = (rows[index], rows[index + 1])
      return (row.account, row.at) != (next.account, next.at) || row.known != next.known
    }.map { rows[$0] }
  }
}

@Suite struct StreamTests {
  private func open(_ disk: SimulatedFileSystem) throws -> Store {
    let store = try Store.create(at: "/store", on: disk)
    try store.withWriter { writer in
      _ = try writer.apply([.create(accounts()), .create(accounts("other"))])
    }
    return store
  }

  private func rows(_ store: Store, _ number: UInt64? = nil) throws -> [Row] {
    try Row.readAll(store.snapshot(number).group(named: "accounts"))
  }

  @Test func rowsAreSeenByAllReadersOnceTheyAreAcknowledged() async throws {
    let disk = SimulatedFileSystem()
    let store = try open(disk)
    let reader = try Store.open(at: "/store", on: disk)
    var random = SplitMix64(seed: 1)
    var all: [Row] = []
    var after: [UInt64: [Row]] = [:]
    let stream = try store.stream()
    for count in [1, 5, 2_000, 0, 3] {
      let more = Row.random(count, &random)
      let receipt = try await stream.append(Row.batch(more), to: "accounts")
      all += more
      after[receipt.commitNumber] = Row.sorted(all)
      #expect(receipt.rowCount == count)
      #expect(try rows(reader) == Row.sorted(all))
      #expect(try rows(Store.open(at: "/store", on: disk)) == Row.sorted(all))
    }
    try stream.close()
    for (number, rows) in after where number > 0 {
      #expect(try self.rows(reader, number) == rows, "snapshot \(number)")
    }
    #expect(try rows(reader, 2) == [])
    #expect(try store.verify(deep: true).problems.isEmpty)
  }

  @Test func aRepeatedBatchCountsOnce() async throws {
    let disk = SimulatedFileSystem()
    let store = try open(disk)
    var random = SplitMix64(seed: 2)
    let some = Row.random(10, &random)
    var stream = try store.stream()
    let first = try await stream.append(Row.batch(some), to: "accounts", batchID: "a")
    let again = try await stream.append(Row.batch(some), to: "accounts", batchID: "a")
    #expect(!first.isDuplicate && again.isDuplicate)
    #expect(again.commitNumber == first.commitNumber && again.rowCount == 0)
    try stream.close()
    stream = try Store.open(at: "/store", on: disk).stream()
    let later = try await stream.append(Row.batch(some), to: "accounts", batchID: "a")
    #expect(later == again)
    // The same name in another group is another batch.
    let other = try await stream.append(Row.batch(some), to: "other", batchID: "a")
    #expect(!other.isDuplicate)
    try stream.close()
    #expect(try rows(store) == Row.sorted(some))
    try Store.open(at: "/store", on: disk).withWriter { writer in
      let appender = try writer.append(to: "accounts", options: AppendOptions(batchID: "a"))
      #expect(appender.duplicateOf == first.commitNumber)
    }
  }

  @Test(arguments: [true, false]) func theLogGoesIntoSegments(inBackground: Bool) throws {
    let disk = SimulatedFileSystem()
    let store = try open(disk)
    var random = SplitMix64(seed: 3)
    var after: [UInt64: [Row]] = [:]
    var all: [Row] = []
    let options = StreamOptions(logCommitLimit: 4, tidiesInBackground: inBackground)
    let stream = try store.stream(options: options)
    for _ in 0..<40 {
      let more = Row.random(50, &random)
      try stream.submit(Row.batch(more), to: "accounts") { _ in }
      try stream.flush()
      all += more
      after[try store.snapshot().number] = Row.last(Row.sorted(all))
      #expect(try Row.last(rows(store)) == Row.last(Row.sorted(all)))
    }
    try stream.close()
    let fresh = try Store.open(at: "/store", on: disk)
    #expect(try Row.last(rows(fresh)) == Row.last(Row.sorted(all)))
    let segments = try fresh.snapshot().group(named: "accounts").segments
    #expect(segments.contains { !$0.isInMemory })
    for (number, rows) in after {
      #expect(try Row.last(self.rows(fresh, number)) == rows, "snapshot \(number)")
    }
    #expect(try fresh.verify(deep: true).problems.isEmpty)
    #expect(try fresh.commits().reduce(0) { $0 + $1.rowCount } == all.count)
  }

  @Test func otherWritesStandBetweenRowsOfTheLog() throws {
    let disk = SimulatedFileSystem()
    let store = try open(disk)
    var random = SplitMix64(seed: 4)
    var all: [Row] = []
    for round in 0..<6 {
      let streamed = Row.random(30, &random)
      let stream = try store.stream()
      try stream.submit(Row.batch(streamed), to: "accounts") { _ in }
      try stream.close()
      let ingested = Row.random(20, &random)
      try store.withWriter { writer in
        let appender = try writer.append(to: "accounts")
        try appender.append(Row.batch(ingested))
        _ = try appender.commit()
        if round == 4 {
          var changed = try store.snapshot().group(named: "accounts").definition
          changed.features.append(Field(id: 0, name: "more", type: .int32))
          _ = try writer.apply([.update(changed)])
        }
      }
      all += streamed + ingested
      guard round < 4 else { break }
      #expect(try rows(Store.open(at: "/store", on: disk)) == Row.sorted(all), "round \(round)")
    }
    let group = try Store.open(at: "/store", on: disk).snapshot().group(named: "accounts")
    #expect(group.segments.allSatisfy { !$0.isInMemory })
    #expect(try Row.readAll(group) == Row.sorted(all))
    #expect(try store.verify(deep: true).problems.isEmpty)
  }

  @Test func logsGoWithTheirSnapshots() throws {
    let disk = SimulatedFileSystem()
    let store = try open(disk)
    var random = SplitMix64(seed: 7)
    var all: [Row] = []
    let options = StreamOptions(logCommitLimit: 4, tidiesInBackground: false, compacts: false)
    for _ in 0..<5 {
      let stream = try store.stream(options: options)
      for _ in 0..<6 {
        let more = Row.random(5, &random)
        try stream.submit(Row.batch(more), to: "accounts") { _ in }
        try stream.flush()
        all += more
      }
      try stream.close()
    }
    let before = try disk.list("/store/log").count
    let pinned = try store.snapshot(9)
    let named = try store.snapshot(17).number
    try store.withWriter { writer in
      _ = try writer.tag(named, as: "kept")
      let report = try writer.expire(.keepLast(1))
      #expect(!report.pinned.isEmpty)
    }
    #expect(try Row.readAll(pinned.group(named: "accounts")).count > 0)
    expectError(.expired) { _ = try Store.open(at: "/store", on: disk).snapshot(9) }
    let namedRows = try rows(Store.open(at: "/store", on: disk), named)
    withExtendedLifetime(pinned) {}
    #expect(try rows(Store.open(at: "/store", on: disk)) == Row.sorted(all))
    #expect(Set(namedRows).isSubset(of: Set(all)))
    let fresh = try Store.open(at: "/store", on: disk)
    try fresh.withWriter { writer in _ = try writer.rollLog() }
    #expect(try rows(fresh) == Row.sorted(all))
    #expect(try fresh.verify(deep: true).problems.isEmpty)
    #expect(try disk.list("/store/log").count < before)
  }

  @Test func aDamagedCommitThatOthersFollowIsNoTornTail() throws {
    let disk = SimulatedFileSystem()
    let store = try open(disk)
    var random = SplitMix64(seed: 5)
    let stream = try store.stream()
    for _ in 0..<3 {
      try stream.submit(Row.batch(Row.random(5, &random)), to: "accounts") { _ in }
      try stream.flush()
    }
    try stream.close()
    let path = "/store/log/00000000000000000003"
    let bytes = try #require(disk.bytes(path))
    var damaged = bytes
    damaged[60] ^= 1
    disk.replace(path, with: damaged)
    let error = expectError(.corrupt) { _ = try Store.open(at: "/store", on: disk) }
    #expect(error?.description.contains("log is damaged after commit 2") ?? false)
    // A tail that was under way is nothing, wherever it ends.
    let last = try #require(
      bytes.indices.last { bytes[$0...].starts(with: Array("HCCOMMIT".utf8)) })
    for end in last..<bytes.count {
      disk.replace(path, with: Array(bytes[..<end]))
      #expect(try Store.open(at: "/store", on: disk).snapshot().number == 4)
    }
  }

  @Test func logsAndCommitsOfExtremeNumbersDoNotTrap() throws {
    let disk = SimulatedFileSystem()
    let store = try open(disk)
    var random = SplitMix64(seed: 6)
    let stream = try store.stream()
    for _ in 0..<2 {
      try stream.submit(Row.batch(Row.random(5, &random)), to: "accounts") { _ in }
      try stream.flush()
    }
    try stream.close()
    let path = "/store/log/00000000000000000003"
    let bytes = try #require(disk.bytes(path))
    let last = try #require(
      bytes.indices.last { bytes[$0...].starts(with: Array("HCCOMMIT".utf8)) })
    // A whole commit of the greatest number there is, then something, then another commit.
    var greatest = Array(bytes[last...])
    for byte in 24..<32 { greatest[byte] = 0xFF }
    let content = Array(greatest.dropLast(8))
    let sum = unsafe hash64(content.span.bytes, seed: 0)
    greatest = content + (0..<8).map { UInt8(truncatingIfNeeded: sum >> (8 * $0)) }
    disk.replace(path, with: bytes + greatest + [0] + bytes[last...])
    for name in ["00000000000000000000", "18446744073709551615"] {
      for content in [[], [1, 2, 3], greatest, greatest + greatest] {
        disk.replace("/store/log/" + name, with: content)
        let opened = try Store.open(at: "/store", on: disk)
        #expect(try opened.snapshot().number == 4)
        _ = try opened.commits()
        _ = try opened.verify(deep: true)
      }
      disk.replace("/store/log/" + name, with: nil)
    }
  }

  @Test func twoWritersWithoutLocksDoNotLoseRows() throws {
    let disk = SimulatedFileSystem()
    let store = try open(disk)
    disk.ignoreLocks()
    var random = SplitMix64(seed: 6)
    let some = Row.random(5, &random)
    let first = try store.stream()
    try first.submit(Row.batch(some), to: "accounts") { _ in }
    try first.flush()
    let second = try Store.open(at: "/store", on: disk)
    try second.withWriter { writer in
      var changed = accounts()
      changed.description = "changed"
      _ = try writer.apply([.update(changed)])
    }
    try first.submit(Row.batch(some), to: "accounts") { result in
      #expect(throws: HindcastError.self) { try result.get() }
    }
    expectError(.busy) { try first.close() }
    #expect(try rows(Store.open(at: "/store", on: disk)) == Row.sorted(some))
  }
}

@Suite struct VersionTests {
  @Test func tasksAppendSingleVersions() async throws {
    let disk = SimulatedFileSystem()
    let store = try Store.create(at: "/store", on: disk)
    try store.withWriter { _ = try $0.apply([.create(scores())]) }
    let stream = try store.stream()
    try await withThrowingTaskGroup(of: Void.self) { tasks in
      for task in 0..<8 as Range<Int64> {
        tasks.addTask {
          for turn in 0..<20 as Range<Int64> {
            let version = Version(
              identifier: [.integer(Int128(task))], eventTime: turn,
              features: [.integer(Int128(turn * 10))])
            let receipt = try await stream.append(version, to: "scores")
            #expect(receipt.rowCount == 1)
          }
        }
      }
      try await tasks.waitForAll()
    }
    try stream.close()
    let group = try store.snapshot().group(named: "scores")
    #expect(group.segments.reduce(0) { $0 + $1.reference.rowCount } == 160)
  }

  @Test func valuesOfOtherTypesAreRefused() throws {
    func make(_ identifier: [Value], _ features: [Value]) throws {
      _ = try VersionBatch(
        [Version(identifier: identifier, eventTime: 0, features: features)], of: scores())
    }
    try make([.integer(1)], [.null])
    expectError(.invalidValue) { try make([.null], [.integer(1)]) }
    expectError(.invalidValue) { try make([.text("a")], [.integer(1)]) }
    expectError(.invalidValue) { try make([.integer(1)], [.double(1)]) }
    expectError(.invalidValue) { try make([.integer(1 << 70)], [.integer(1)]) }
    expectError(.invalidArgument) { try make([.integer(1)], []) }
  }
}

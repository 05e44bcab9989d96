import HindcastCore
import HindcastFormat
import HindcastStore
import HindcastTestKit
import Testing

@Suite struct ErasureTests {
  private let victim = "longer_name_1"

  private func key(_ account: String) throws -> KeyVector {
    let encoder = try KeyEncoder(
      layout: KeyLayout(components: [.utf8]), sources: [.utf8], names: ["account"])
    return try encoder.encode([Column(type: .utf8, values: [.text(account)])]).keys
  }

  /// Five batches with a compaction in between, so that there are replaced segments as well.
  private func store(_ disk: SimulatedFileSystem) throws -> (Store, [UInt64: [Row]]) {
    var random = SplitMix64(seed: 5)
    let store = try Store.create(at: "/store", on: disk)
    try store.withWriter { _ = try $0.apply([.create(accounts())]) }
    var rows: [Row] = []
    var snapshots: [UInt64: [Row]] = [:]
    for index in 0..<5 {
      try store.withWriter { writer in
        // Few enough that equal rows can't come about by chance alone.
        let part = Row.random(8, &random).enumerated().map { place, row in
          var row = row
          row.at = Int64(index * 100 + place)
          return row
        }
        let appender = try writer.append(to: "accounts")
        try appender.append(Row.batch(part))
        rows += part
        snapshots[try appender.commit().commitNumber] = Row.sorted(rows)
      }
      guard index == 2 else { continue }
      let result = try store.compact("accounts", options: CompactionOptions(isFull: true))
      snapshots[try #require(result.commits.last)] = Row.sorted(rows)
    }
    return (store, snapshots)
  }

  private func rows(_ store: Store, _ number: UInt64) throws -> [Row] {
    let segments = try store.snapshot(number).group(named: "accounts").segments
    return Row.sorted(try segments.flatMap { try Row.read($0.reader()) })
  }

  /// Whether the victim's name is in any file, but as a part of its namesake's.
  private func isInSomeFile(_ disk: SimulatedFileSystem, _ store: Store) throws -> Bool {
    let field = Field(id: 1, name: "account", type: .utf8)
    var group = accounts()
    group.recordIdentifiers = [field]
    return try !store.findRecord([.text(victim)], in: group).isAbsent
  }

  private func check(
    _ disk: SimulatedFileSystem, _ snapshots: [UInt64: [Row]], isErased: Bool, _ what: String
  ) throws {
    let store = try Store.open(at: "/store", on: disk)
    for (number, expected) in snapshots {
      let wanted = expected.filter { !isErased || $0.account != victim }
      #expect(try rows(store, number) == wanted, "\(what), snapshot \(number)")
      let since = try store.snapshot(number).group(named: "accounts").erasedSince
      let wasThere = expected.contains { $0.account == victim }
      #expect(since.count == (isErased && wasThere ? 1 : 0), "\(what), snapshot \(number)")
    }
  }

  @Test func everySnapshotForgets() throws {
    let disk = SimulatedFileSystem()
    let (store, snapshots) = try store(disk)
    #expect(try isInSomeFile(disk, store))
    let result = try store.erase(key(victim), from: "accounts")
    #expect(result.recordCount == 1 && result.rowCount > 0 && result.pending.isEmpty)
    #expect(try !isInSomeFile(disk, store))
    try check(disk, snapshots, isErased: true, "erased")
    let report = try store.verify(deep: true)
    #expect(report.isSound && report.leftovers.isEmpty, "\(report)")
    let record = try #require(try store.commits().last)
    guard case .erased(_, let records, _)? = record.changes.first else {
      Issue.record("\(record)")
      return
    }
    let (gone, other) = try (key(victim).bytes(0), key("longer_name_2").bytes(0))
    #expect(records.count == 1 && records.contains(gone) && !records.contains(other))
    let again = try store.erase(key(victim), from: "accounts")
    #expect(again.commit == nil)
  }

  @Test func readersHoldTheOldFilesUntilTheyAreDone() throws {
    let disk = SimulatedFileSystem()
    let (store, snapshots) = try store(disk)
    let reader = try Store.open(at: "/store", on: disk)
    var snapshot: Snapshot? = try reader.snapshot(4)
    let result = try store.erase(key(victim), from: "accounts")
    #expect(Set(result.pending.flatMap(\.pinned)) == [4])
    #expect(try isInSomeFile(disk, store))
    // The pinned reader goes on; a new one does not see the record.
    do {
      let old = try #require(snapshot).group(named: "accounts").segments
      let seen = try old.flatMap { try Row.read($0.reader()) }
      #expect(Row.sorted(seen) == snapshots[4])
    }
    try check(disk, snapshots, isErased: true, "pending")
    try store.withWriter { _ in }
    #expect(try !store.pendingErasures().isEmpty)
    #expect(try store.verify(deep: false).pendingErasures == store.pendingErasures())
    snapshot = nil
    let pending = try store.pendingErasures()
    #expect(pending.allSatisfy { $0.pinned.isEmpty })
  }

  @Test func theNextWriterRemovesWhatReadersHeld() throws {
    let disk = SimulatedFileSystem()
    let (store, snapshots) = try store(disk)
    let reader = try Store.open(at: "/store", on: disk)
    do {
      let snapshot = try reader.snapshot()
      #expect(try !store.erase(key(victim), from: "accounts").pending.isEmpty)
      #expect(snapshot.number == 8)
    }
    try store.withWriter { _ in }
    #expect(try store.pendingErasures().isEmpty)
    #expect(try !isInSomeFile(disk, store))
    try check(disk, snapshots, isErased: true, "removed")
  }

  @Test func whatArrivesMeanwhileGoesAsWell() throws {
    let disk = SimulatedFileSystem()
    let (store, _) = try store(disk)
    var hasWritten = false
    let late = Row(account: victim, at: 999, known: 1, balance: 1)
    let result = try store.erase(
      key(victim), from: "accounts",
      progress: { (state) throws(HindcastError) in
        guard case .rows = state, !hasWritten else { return }
        hasWritten = true
        do {
          try store.withWriter { writer in
            let appender = try writer.append(to: "accounts")
            try appender.append(Row.batch([late]))
            _ = try appender.commit()
          }
        } catch { throw HindcastError(.io, "\(error)") }
      })
    #expect(result.commit != nil)
    #expect(try !isInSomeFile(disk, store))
    #expect(try store.verify(deep: true).isSound)
  }

  @Test func checkpointsRemember() throws {
    let disk = SimulatedFileSystem()
    let (store, snapshots) = try store(disk)
    _ = try store.erase(key(victim), from: "accounts")
    try store.withWriter { writer in
      for index in 0..<100 { try writer.apply([.create(scores("s\(index)"))]) }
    }
    try check(disk, snapshots, isErased: true, "after a checkpoint")
    #expect(try store.verify(deep: false).isSound)
  }

  @Test func crashAtEveryStep() throws {
    let start = SimulatedFileSystem()
    let (_, snapshots) = try store(start)
    let victims = try key(victim)
    func run(_ disk: SimulatedFileSystem) -> Bool {
      (try? Store.open(at: "/store", on: disk).erase(victims, from: "accounts").commit) != nil
    }
    let counting = start.afterProcessDeath()
    #expect(run(counting))
    for step in 0..<counting.stepCount {
      let disk = start.afterProcessDeath()
      disk.crash(at: step)
      let isDone = run(disk)
      for after in [disk.afterProcessDeath(), disk.afterPowerCut(seed: UInt64(step))] {
        let what = "crash at step \(step)"
        let store = try Store.open(at: "/store", on: after)
        let isErased = try store.snapshot().number == 9
        #expect(isErased || !isDone, "\(what)")
        try check(after, snapshots, isErased: isErased, what)
        try store.withWriter { _ in }
        #expect(try isInSomeFile(after, store) == !isErased, "\(what)")
        #expect(try after.list("/store/tmp").isEmpty, "\(what)")
        #expect(run(after) == !isErased, "\(what)")
        #expect(try !isInSomeFile(after, store), "\(what)")
        try check(after, snapshots, isErased: true, what + ", erased after it")
        #expect(try store.verify(deep: true).isSound, "\(what)")
      }
    }
  }

  @Test func rowsInTheLogAreReadNoMore() throws {
    let disk = SimulatedFileSystem()
    let (store, _) = try store(disk)
    let stream = try store.stream()
    let rows = [
      Row(account: victim, at: 901, known: 1, balance: 1),
      Row(account: "other", at: 902, known: 1, balance: 2),
    ]
    try stream.submit(Row.batch(rows), to: "accounts") { _ in }
    try stream.flush()
    try stream.close()
    let logged = try store.snapshot().number
    #expect(try self.rows(store, logged).contains { $0.account == victim })
    let result = try store.erase(key(victim), from: "accounts")
    #expect(result.recordCount == 1)
    for number in [logged, try store.snapshot().number] {
      let left = try self.rows(store, number)
      #expect(left.contains { $0.account == "other" } && !left.contains { $0.account == victim })
      let isEarlier = number == logged
      let since = try store.snapshot(number).group(named: "accounts").erasedSince
      #expect(since.isEmpty != isEarlier)
    }
    // The log has the commits of a snapshot that is kept, and says so.
    let log = try #require(result.pending.first { $0.logged != nil })
    #expect(log.logged?.contains(logged) == true)
    #expect(try isInSomeFile(disk, store))
    #expect(try store.erase(key(victim), from: "accounts").commit == nil)
    try store.withWriter { writer in
      for index in 0..<2 { try writer.apply([.create(scores("s\(index)"))]) }
      _ = try writer.expire(.keepLast(1))
    }
    #expect(try store.pendingErasures().isEmpty)
    #expect(try !isInSomeFile(disk, store))
    #expect(try store.verify(deep: true).isSound)
  }

  @Test func aLogMayHoldCommitsBeforeWhichAllWereGivenUp() throws {
    let disk = SimulatedFileSystem()
    let (store, _) = try store(disk)
    let stream = try store.stream()
    for at in [901, 902] as [Int64] {
      let row = Row(account: victim, at: at, known: 1, balance: 1)
      try stream.submit(Row.batch([row]), to: "accounts") { _ in }
      try stream.flush()
    }
    try stream.close()
    try store.withWriter { writer in
      _ = try writer.apply([.create(scores())])
      _ = try writer.expire(.keepLast(1))
    }
    #expect(try isInSomeFile(disk, store))
    #expect(try store.erase(key(victim), from: "accounts").recordCount == 1)
    #expect(try store.pendingErasures().allSatisfy { $0.logged != nil })
    try store.withWriter { _ = try $0.expire(.keepLast(1)) }
    #expect(try !isInSomeFile(disk, store))
    #expect(try store.verify(deep: true).isSound)
  }

  @Test func whatIsInQuarantineIsGoneBeforeTheCommit() throws {
    let start = SimulatedFileSystem()
    let (source, _) = try store(start)
    let segments = try source.snapshot().group(named: "accounts").segments
    let damaged = try #require(
      try segments.first { try Row.read($0.reader()).contains { $0.account == victim } })
    let path = "/store/segments/\(damaged.reference.uid).hseg"
    start.replace(path, with: start.bytes(path).map { Array($0.dropLast(9)) })
    _ = try Store.open(at: "/store", on: start).repair(isDryRun: false)
    #expect(try start.list("/store/quarantine").count == 1)
    let victims = try key(victim)
    let counting = start.afterProcessDeath()
    _ = try Store.open(at: "/store", on: counting).erase(victims, from: "accounts")
    for step in 0...counting.stepCount {
      let disk = start.afterProcessDeath()
      disk.crash(at: step)
      _ = try? Store.open(at: "/store", on: disk).erase(victims, from: "accounts")
      for after in [disk.afterProcessDeath(), disk.afterPowerCut(seed: UInt64(step))] {
        let store = try Store.open(at: "/store", on: after)
        let changes = try store.commits().flatMap(\.changes)
        let isErased = changes.contains { if case .erased = $0 { true } else { false } }
        #expect(try !isErased || after.list("/store/quarantine").isEmpty, "step \(step)")
      }
    }
  }

  @Test func whatIsInQuarantineOfAnotherGroupIsNoTrace() throws {
    let disk = SimulatedFileSystem()
    let store = try Store.create(at: "/store", on: disk)
    var random = SplitMix64(seed: 3)
    var row = Row.random(1, &random)[0]
    row.account = victim
    try store.withWriter { writer in
      _ = try writer.apply([.create(accounts()), .create(accounts("others"))])
      for name in ["accounts", "others"] {
        let appender = try writer.append(to: name)
        try appender.append(Row.batch([row]))
        _ = try appender.commit()
      }
    }
    let other = try #require(try store.snapshot().group(named: "others").segments.first)
    let path = "/store/segments/\(other.reference.uid).hseg"
    var bytes = try #require(disk.bytes(path))
    bytes[bytes.count / 2] ^= 1
    disk.replace(path, with: bytes)
    #expect(try Store.open(at: "/store", on: disk).repair(isDryRun: false).movedFiles.count == 1)
    _ = try store.erase(key(victim), from: "accounts")
    #expect(try !isInSomeFile(disk, store))
  }

  @Test func aBackupOfAnEarlierSnapshotIsRefused() throws {
    let disk = SimulatedFileSystem()
    let (store, _) = try store(disk)
    _ = try store.erase(key(victim), from: "accounts")
    let error = expectError(.expired) { _ = try store.backup(.number(5), to: "/copy") }
    #expect(error?.message.contains("records were erased after snapshot 5") == true)
    _ = try store.backup(to: "/copy")
    let copy = try Store.open(at: "/copy", on: disk)
    #expect(try rows(copy, 5) == rows(store, 5))
    #expect(try copy.verify(deep: true).isSound)
  }
}

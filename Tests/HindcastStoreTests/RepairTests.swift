import HindcastCore
import HindcastFormat
import HindcastStore
import HindcastTestKit
import Testing

@Suite struct RepairTests {
  private let disk = SimulatedFileSystem()

  /// Three commits of accounts: snapshots 3, 4 and 5.
  private func makeStore(on disk: SimulatedFileSystem) throws -> (Store, [[Row]]) {
    var random = SplitMix64(seed: 3)
    let store = try Store.create(at: "/store", on: disk)
    var commits: [[Row]] = []
    try store.withWriter { writer in
      try writer.apply([.create(accounts())])
      for count in [40, 60, 20] {
        let rows = Row.random(count, &random)
        let appender = try writer.append(to: "accounts")
        try appender.append(Row.batch(rows))
        _ = try appender.commit()
        commits.append(Row.sorted(rows))
      }
    }
    return (store, commits)
  }

  private func path(_ store: Store, _ commit: Int) throws -> String {
    let segment = try store.snapshot(5).group(named: "accounts").segments[commit].reference
    return "/store/segments/\(segment.uid).hseg"
  }

  private func rows(_ store: Store, _ snapshot: UInt64? = nil) throws -> [[Row]] {
    try store.snapshot(snapshot).group(named: "accounts").segments.map { segment in
      try Row.read(segment.reader())
    }
  }

  private func flip(_ path: String, at place: Int) throws {
    var bytes = try #require(disk.bytes(path))
    bytes[place] ^= 1
    disk.replace(path, with: bytes)
  }

  @Test func nothingToRepairCommitsNothing() throws {
    let (store, _) = try makeStore(on: disk)
    let report = try store.repair(isDryRun: false)
    #expect(report.losses.isEmpty && report.commit == nil && report.others.isEmpty)
    #expect(try store.snapshot().number == 5)
    #expect(try disk.list("/store").contains("quarantine") == false)
  }

  @Test func aDamagedSegmentGoesAndTheOthersStay() throws {
    let (store, commits) = try makeStore(on: disk)
    let damaged = try path(store, 1)
    let size = try #require(disk.bytes(damaged)).count
    try flip(damaged, at: size / 2)
    let reopened = try Store.open(at: "/store", on: disk)
    let dry = try reopened.repair(isDryRun: true)
    #expect(dry.losses.count == 1 && dry.commit == nil)
    #expect(try reopened.snapshot().number == 5 && disk.bytes(damaged) != nil)
    let report = try reopened.repair(isDryRun: false)
    #expect(report.commit?.number == 6)
    #expect(report.losses.map(\.reference.rowCount) == [60])
    #expect(report.movedFiles == [damaged.replacing("segments", with: "quarantine")])
    #expect(disk.bytes(damaged) == nil && disk.bytes(report.movedFiles[0])?.count == size)
    #expect(try rows(reopened) == [commits[0], commits[2]])
    #expect(try rows(reopened, 3) == [commits[0]])
    let error = expectError(.notFound) { _ = try rows(Store.open(at: "/store", on: disk), 4) }
    #expect(error?.location?.file == damaged)
    // What goes on from there.
    try reopened.withWriter { writer in
      #expect(writer.groups.count == 1)
      _ = try writer.apply([.create(scores())])
    }
    let found = try Store.open(at: "/store", on: disk).verify(deep: true)
    #expect(found.isSound && found.leftovers.isEmpty, "\(found.problems)")
    #expect(found.quarantined.map(\.segment.commitNumber) == [6])
    #expect(try Store.open(at: "/store", on: disk).repair(isDryRun: false).commit == nil)
    let last = try #require(try reopened.commits().first { $0.number == 6 })
    guard case .quarantinedSegment("accounts", let reference, _) = last.changes[0] else {
      Issue.record("\(last)")
      return
    }
    #expect(reference.rowCount == 60)
  }

  @Test func aWholeFileThatIsPutBackStays() throws {
    let (store, commits) = try makeStore(on: disk)
    let damaged = try path(store, 1)
    let whole = try #require(disk.bytes(damaged))
    try flip(damaged, at: whole.count / 2)
    let repaired = try Store.open(at: "/store", on: disk)
    #expect(try repaired.repair(isDryRun: false).commit?.number == 6)
    disk.replace(damaged, with: whole)
    for isDryRun in [true, false] {
      let report = try Store.open(at: "/store", on: disk).repair(isDryRun: isDryRun)
      #expect(report.wholeFiles == [damaged] && report.movedFiles.isEmpty)
      #expect(report.losses.isEmpty && report.others.isEmpty && report.commit == nil)
    }
    #expect(disk.bytes(damaged) == whole)
    let reopened = try Store.open(at: "/store", on: disk)
    #expect(try rows(reopened, 4) == [commits[0], commits[1]])
    #expect(try rows(reopened) == [commits[0], commits[2]])
    // A damaged one goes again.
    try flip(damaged, at: whole.count / 3)
    let report = try Store.open(at: "/store", on: disk).repair(isDryRun: false)
    #expect(report.wholeFiles.isEmpty && report.movedFiles.count == 1)
    #expect(disk.bytes(damaged) == nil)
  }

  @Test func aFileThatBringsErasedRecordsBackIsToldOf() throws {
    let (store, commits) = try makeStore(on: disk)
    let damaged = try path(store, 1)
    let whole = try #require(disk.bytes(damaged))
    try flip(damaged, at: whole.count / 2)
    let repaired = try Store.open(at: "/store", on: disk)
    _ = try repaired.repair(isDryRun: false)
    _ = try repaired.erase(Row.batch([commits[1][0]]).keys, from: "accounts")
    disk.replace(damaged, with: whole)
    let reopened = try Store.open(at: "/store", on: disk)
    for isDryRun in [true, false] {
      let report = try reopened.repair(isDryRun: isDryRun)
      #expect(report.wholeFiles.isEmpty && report.movedFiles.isEmpty)
      #expect(report.others.map(\.location?.file) == [damaged])
    }
    let problems = try reopened.verify(deep: false).problems
    #expect(problems.map(\.location?.file) == [damaged], "\(problems)")
    disk.replace(damaged, with: nil)
    #expect(try reopened.verify(deep: true).isSound)
  }

  @Test func aMissingSegmentGoesToo() throws {
    let (store, commits) = try makeStore(on: disk)
    disk.replace(try path(store, 0), with: nil)
    let reopened = try Store.open(at: "/store", on: disk)
    expectError(.notFound) { _ = try rows(reopened) }
    let report = try reopened.repair(isDryRun: false)
    let loss = try #require(report.losses.first)
    #expect(loss.records.isEmpty && loss.unreadableRecordCount == loss.reference.runCount)
    #expect(report.movedFiles.isEmpty)
    #expect(try rows(reopened) == [commits[1], commits[2]])
  }

  /// Whatever byte is damaged: what is told of records and times is true, and nothing is forgotten.
  @Test func whatIsLostIsToldAsFarAsItCanBeRead() throws {
    let (store, commits) = try makeStore(on: disk)
    let damaged = try path(store, 1)
    let good = try #require(disk.bytes(damaged))
    let wanted = Dictionary(grouping: commits[1], by: \.account)
    var complete = 0
    for place in stride(from: 0, to: good.count, by: 7) {
      try flip(damaged, at: place)
      let report = try Store.open(at: "/store", on: disk).repair(isDryRun: true)
      let loss = try #require(report.losses.first, "byte \(place)")
      #expect(report.losses.count == 1 && report.others.isEmpty)
      #expect(loss.readableRecordCount + loss.unreadableRecordCount == wanted.count)
      for record in loss.records {
        guard case .bytes(let name) = record.record[0] else { continue }
        let rows = try #require(wanted[String(decoding: name, as: UTF8.self)])
        #expect(record.versionCount == rows.count)
        if let first = record.firstEventTime { #expect(first == rows.map(\.at).min()) }
        if let last = record.lastEventTime { #expect(last == rows.map(\.at).max()) }
      }
      if loss.records.count == wanted.count { complete += 1 }
      disk.replace(damaged, with: good)
    }
    #expect(complete > 0)
  }

  @Test func whatIsNoDamageIsLeftAlone() throws {
    let (store, _) = try makeStore(on: disk)
    let steps = disk.stepCount
    let reopened = try Store.open(at: "/store", on: disk)
    _ = try reopened.snapshot()
    disk.fail(at: disk.stepCount + 6, with: "input/output error")
    let report = try reopened.repair(isDryRun: false)
    #expect(report.losses.isEmpty && report.others.map(\.code) == [.io], "\(report), \(steps)")
    #expect(try store.snapshot().number == 5)
  }

  /// Whatever call of a repair is the last: what is sound answers, nothing is removed, and the next
  /// repair ends it.
  @Test func aCrashAtEveryStepLosesNothing() throws {
    let (store, commits) = try makeStore(on: disk)
    let damaged = try path(store, 1)
    let name = String(damaged.dropFirst("/store/segments/".count))
    try flip(damaged, at: 100)
    try disk.synchronizeDirectory("/store/segments")
    let before = disk.afterProcessDeath()
    _ = try Store.open(at: "/store", on: before).repair(isDryRun: false)
    let stepCount = before.stepCount
    for step in 0..<stepCount {
      for seed in 0..<3 as Range<UInt64> {
        let crashing = disk.afterProcessDeath()
        crashing.crash(at: step)
        _ = try? Store.open(at: "/store", on: crashing).repair(isDryRun: false)
        let left = seed == 0 ? crashing.afterProcessDeath() : crashing.afterPowerCut(seed: seed)
        let opened = try Store.open(at: "/store", on: left)
        _ = try opened.withWriter { writer in writer.groups.count }
        let places = ["/store/segments/", "/store/quarantine/"].filter {
          left.bytes($0 + name) != nil
        }
        #expect(!places.isEmpty, "step \(step), seed \(seed)")
        _ = try opened.repair(isDryRun: false)
        #expect(try rows(opened) == [commits[0], commits[2]], "step \(step), seed \(seed)")
        #expect(left.bytes(damaged) == nil && left.bytes("/store/quarantine/" + name) != nil)
        #expect(try opened.snapshot().number == 6)
      }
    }
  }

  @Test func checkpointsKeepTheQuarantine() throws {
    let (store, commits) = try makeStore(on: disk)
    disk.replace(try path(store, 1), with: nil)
    let reopened = try Store.open(at: "/store", on: disk)
    _ = try reopened.repair(isDryRun: false)
    try reopened.withWriter { writer in
      for index in 0..<100 {
        var group = accounts()
        group.description = "version \(index)"
        try writer.apply([.update(group)])
      }
    }
    let again = try Store.open(at: "/store", on: disk)
    #expect(try disk.list("/store/checkpoints").count == 1)
    #expect(try again.snapshot().group(named: "accounts").quarantined.map(\.commitNumber) == [6])
    #expect(try rows(again) == [commits[0], commits[2]])
    #expect(try again.verify(deep: true).isSound)
  }
}

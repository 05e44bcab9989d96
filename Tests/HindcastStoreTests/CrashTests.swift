import HindcastCore
import HindcastFormat
import HindcastStore
import HindcastTestKit
import Testing

/// What a workload was told is done: the number and rows of every commit.
private final class Acknowledged {
  var latest: UInt64 = 0
  var segments: [UInt64: [Row]] = [:]
}

@Suite struct CrashTests {
  /// Creates a store, a group, and takes in three batches, one of which goes to a segment, to
  /// temporary files and to another segment.
  private func workload(_ disk: SimulatedFileSystem, _ done: Acknowledged) throws {
    var random = SplitMix64(seed: 7)
    let store = try Store.create(at: "/store", on: disk)
    done.latest = 1
    try store.withWriter { writer in
      done.latest = try writer.apply([.create(accounts())])?.number ?? 0
      for (id, count) in [("one", 30), ("two", 5_000), ("three", 3)] {
        let appender = try writer.append(
          to: "accounts",
          options: AppendOptions(batchID: id, memoryBytes: 1 << 17, segmentsPerIngest: 1))
        let rows = Row.random(count, &random)
        for start in stride(from: 0, to: count, by: 1_000) {
          try appender.append(Row.batch(Array(rows[start..<min(count, start + 1_000)])))
        }
        let result = try appender.commit()
        #expect((result.spilledRunCount > 0) == (id == "two"))
        let number = result.commitNumber
        done.latest = number
        done.segments[number] = Row.sorted(rows)
      }
      var changed = accounts()
      changed.description = "changed"
      done.latest = try writer.apply([.update(changed)])?.number ?? 0
    }
  }

  /// Opens what is left and checks that every acknowledged commit is there and whole, that at most
  /// the one under way came through as well, and that a writer can go on.
  private func check(_ disk: SimulatedFileSystem, _ done: Acknowledged, _ what: String) throws {
    if done.latest == 0 {
      _ = try? Store.create(at: "/store", on: disk)
      #expect(try Store.open(at: "/store", on: disk).snapshot().number == 1, "\(what)")
      return
    }
    let store = try Store.open(at: "/store", on: disk)
    let snapshot = try store.snapshot()
    #expect([done.latest, done.latest + 1].contains(snapshot.number), "\(what)")
    for (number, rows) in done.segments {
      let segments = try store.snapshot(number).group(named: "accounts").segments
        .filter { $0.reference.commitNumber == number }
      #expect(
        Row.sorted(try segments.flatMap { try Row.read($0.reader()) }) == rows, "\(what)")
    }
    for group in snapshot.groups {
      for segment in try snapshot.group(named: group.name).segments {
        #expect(try Row.read(segment.reader()).count == segment.reference.rowCount, "\(what)")
      }
    }
    try store.withWriter { writer in
      _ = try writer.apply([.create(scores())])
      #expect(try disk.list("/store/tmp").isEmpty, "\(what)")
      let named = try store.snapshot().groups.reduce(0) { total, group in
        try total + store.snapshot().group(named: group.name).segments.count
      }
      #expect(try disk.list("/store/segments").count == named, "\(what)")
    }
  }

  @Test func aStoreWhoseCreatorDiedIsThereToStayOnceSomeoneWrites() throws {
    let whole = SimulatedFileSystem()
    _ = try Store.create(at: "/store", on: whole)
    for step in 0..<whole.stepCount {
      let dead = SimulatedFileSystem()
      dead.crash(at: step)
      _ = try? Store.create(at: "/store", on: dead)
      let disk = dead.afterProcessDeath()
      guard let store = try? Store.open(at: "/store", on: disk) else { continue }
      try store.withWriter { _ = try $0.apply([.create(scores())]) }
      for seed in 0..<8 as Range<UInt64> {
        let after = try Store.open(at: "/store", on: disk.afterPowerCut(seed: seed))
        #expect(try after.snapshot().number == 2, "step \(step)")
      }
    }
  }

  private func stepCount() throws -> Int {
    let disk = SimulatedFileSystem()
    try workload(disk, Acknowledged())
    return disk.stepCount
  }

  @Test func powerCutAtEveryStep() throws {
    for step in 0..<(try stepCount()) {
      let disk = SimulatedFileSystem()
      let done = Acknowledged()
      disk.crash(at: step)
      // A step that only cleans up may fail unnoticed.
      try? workload(disk, done)
      #expect(disk.hasCrashed)
      for seed in 0..<3 as Range<UInt64> {
        let what = "power cut at step \(step), seed \(seed)"
        try check(disk.afterPowerCut(seed: seed &+ UInt64(step) << 8), done, what)
      }
    }
  }

  @Test func processDeathAtEveryStep() throws {
    for step in 0..<(try stepCount()) {
      let disk = SimulatedFileSystem()
      let done = Acknowledged()
      disk.crash(at: step)
      // A step that only cleans up may fail unnoticed.
      try? workload(disk, done)
      #expect(disk.hasCrashed)
      try check(disk.afterProcessDeath(), done, "death at step \(step)")
    }
  }

  @Test(arguments: ["no space left on device", "input/output error"])
  func failureAtEveryStep(reason: String) throws {
    for step in 0..<(try stepCount()) {
      let disk = SimulatedFileSystem()
      let done = Acknowledged()
      disk.fail(at: step, with: reason)
      // A failure to clean up is none of the ingest's.
      try? workload(disk, done)
      try check(disk.afterProcessDeath(), done, "\(reason) at step \(step)")
      try check(
        disk.afterPowerCut(seed: UInt64(step)), done, "\(reason), then power cut, at step \(step)")
    }
  }
}

import HindcastCore
import HindcastStore
import HindcastTestKit
import Testing

@Suite struct ExpiryCrashTests {
  private let start: SimulatedFileSystem
  private let before: [UInt64: RetentionStore.Contents]

  init() throws {
    let disk = SimulatedFileSystem()
    before = try RetentionStore.allContents(RetentionStore.make(disk))
    start = disk
  }

  /// Expires in two steps, so that the second meets what the first left, and then gives up a name.
  private func workload(_ disk: SimulatedFileSystem) throws {
    let store = try Store.open(at: "/store", on: disk)
    try store.withWriter { writer in
      try writer.expire(.keepLast(5))
      try writer.expire(.keepLast(2))
      try writer.untag("four")
    }
  }

  private func stepCount() throws -> Int {
    let disk = start.afterProcessDeath()
    try workload(disk)
    return disk.stepCount
  }

  /// What the store says it keeps is there as it was, and the next writer finishes the removal.
  private func check(_ disk: SimulatedFileSystem, _ what: String) throws {
    let store = try Store.open(at: "/store", on: disk)
    try checkSnapshots(store, what)
    try store.withWriter { _ in }
    try checkSnapshots(store, what)
    let report = try Store.open(at: "/store", on: disk).verify(deep: true)
    #expect(report.isSound && report.leftovers.isEmpty, "\(what): \(report)")
    #expect(
      try RetentionStore.numbers(disk, "commits") == store.commits().map(\.number), "\(what)")
    #expect(try disk.list("/store/segments").count == report.segmentCount, "\(what)")
  }

  private func checkSnapshots(_ store: Store, _ what: String) throws {
    let kept = Set(try store.commits().map(\.number))
    #expect(kept.contains(8), "\(what)")
    for number in 1...RetentionStore.last {
      if kept.contains(number) {
        let contents = try RetentionStore.contents(store.snapshot(number))
        #expect(contents == before[number], "\(what), snapshot \(number)")
      } else {
        expectError(.expired) { _ = try store.snapshot(number) }
      }
    }
  }

  @Test func powerCutAtEveryStep() throws {
    for step in 0..<(try stepCount()) {
      let disk = start.afterProcessDeath()
      disk.crash(at: step)
      try? workload(disk)
      #expect(disk.hasCrashed)
      for seed in 0..<4 as Range<UInt64> {
        let after = disk.afterPowerCut(seed: seed &+ UInt64(step) << 8)
        try check(after, "power cut at step \(step), seed \(seed)")
      }
    }
  }

  @Test func processDeathAtEveryStep() throws {
    for step in 0..<(try stepCount()) {
      let disk = start.afterProcessDeath()
      disk.crash(at: step)
      try? workload(disk)
      #expect(disk.hasCrashed)
      try check(disk.afterProcessDeath(), "death at step \(step)")
    }
  }

  @Test(arguments: ["no space left on device", "input/output error"])
  func failureAtEveryStep(reason: String) throws {
    for step in 0..<(try stepCount()) {
      let disk = start.afterProcessDeath()
      disk.fail(at: step, with: reason)
      try? workload(disk)
      try check(disk.afterProcessDeath(), "\(reason) at step \(step)")
      let after = disk.afterPowerCut(seed: UInt64(step))
      try check(after, "\(reason), then power cut, at step \(step)")
    }
  }

  @Test(arguments: [3, 5] as [UInt64])
  func pinnedSnapshotOutlivesWriterThatDiesAtEveryStep(number: UInt64) throws {
    for step in 0..<(try stepCount()) {
      let disk = start.afterProcessDeath()
      var pinned: Snapshot? = try Store.open(at: "/store", on: disk).snapshot(number)
      let base = disk.stepCount
      disk.crash(at: base + step)
      try? workload(disk)
      disk.recover()
      // Another writer goes on, and gives up even more.
      let store = try Store.open(at: "/store", on: disk)
      try store.withWriter { _ = try $0.expire(.keepLast(1)) }
      let contents = try RetentionStore.contents(#require(pinned))
      #expect(contents == before[number], "step \(step)")
      pinned = nil
      try store.withWriter { _ in }
      let report = try store.verify(deep: true)
      #expect(report.isSound && report.leftovers.isEmpty, "step \(step): \(report)")
    }
  }

  @Test func readersWhileSnapshotsAreExpired() throws {
    let disk = start.afterProcessDeath()
    let reader = try Store.open(at: "/store", on: disk)
    // The reader knows the store from before: what it asks for is there, or said to be expired.
    try workload(disk)
    for number in 1...RetentionStore.last {
      do {
        let contents = try RetentionStore.contents(reader.snapshot(number))
        #expect(contents == before[number])
      } catch let error as HindcastError {
        #expect(error.code == .expired, "\(error)")
      }
    }
    #expect(try reader.snapshot().number == 11)
  }
}

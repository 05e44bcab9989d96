import HindcastCore
import HindcastFormat
import HindcastStore
import HindcastTestKit
import Testing

/// What a workload was told is done.
private final class Acknowledged {
  /// The rows of each snapshot, in segment order, with all that are equal.
  var rows: [UInt64: [Row]] = [:]
  var latest: UInt64 = 0
}

@Suite struct CompactionCrashTests {
  /// Takes in five batches; compacts after the fourth, by parts, and at the end.
  private func workload(_ disk: SimulatedFileSystem, _ done: Acknowledged) throws {
    var random = SplitMix64(seed: 11)
    let store = try Store.create(at: "/store", on: disk)
    try store.withWriter { _ = try $0.apply([.create(accounts())]) }
    done.latest = 2
    var rows: [Row] = []
    for index in 0..<5 {
      try store.withWriter { writer in
        let part = Row.random(12, &random)
        let appender = try writer.append(
          to: "accounts", options: AppendOptions(rowsPerSegment: index == 1 ? 3 : 100))
        try appender.append(Row.batch(part))
        done.latest = try appender.commit().commitNumber
        rows += part
        done.rows[done.latest] = Row.sorted(rows)
      }
      guard index > 2 else { continue }
      let options = CompactionOptions(
        isFull: index == 4, memoryBytes: 1, rowsPerSegment: index == 4 ? 7 : 100)
      let result = try store.compact("accounts", options: options)
      done.latest = result.commits.last ?? done.latest
      done.rows[done.latest] = Row.sorted(rows)
    }
  }

  /// The rows of a snapshot, in segment order.
  private func rows(_ store: Store, _ number: UInt64) throws -> [Row] {
    let segments = try store.snapshot(number).group(named: "accounts").segments
    return Row.sorted(try segments.flatMap { try Row.read($0.reader()) })
  }

  /// The last arrival of each record, event time and created time.
  private func winners(_ rows: [Row]) -> [Row] {
    var winners: [Row] = []
    for row in rows {
      if let last = winners.last, last.account == row.account, last.at == row.at,
        last.known == row.known
      {
        winners.removeLast()
      }
      winners.append(row)
    }
    return winners
  }

  private func check(_ disk: SimulatedFileSystem, _ done: Acknowledged, _ what: String) throws {
    guard done.latest > 2 else { return }
    let store = try Store.open(at: "/store", on: disk)
    let latest = try store.snapshot().number
    #expect([done.latest, done.latest + 1].contains(latest), "\(what)")
    for (number, expected) in done.rows {
      #expect(try winners(rows(store, number)) == winners(expected), "\(what), \(number)")
    }
    try store.withWriter { _ in }
    // Whatever was under way has left nothing, and another compaction goes through.
    try store.compact("accounts", options: CompactionOptions(isFull: true))
    #expect(try disk.list("/store/tmp").isEmpty, "\(what)")
    let report = try store.verify(deep: true)
    #expect(report.isSound, "\(what): \(report.problems)")
    #expect(report.leftovers.isEmpty, "\(what)")
    for (number, expected) in done.rows {
      #expect(try winners(rows(store, number)) == winners(expected), "\(what), \(number) again")
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
      try? workload(disk, done)
      for seed in 0..<2 as Range<UInt64> {
        try check(
          disk.afterPowerCut(seed: seed &+ UInt64(step) << 8), done,
          "power cut at step \(step), seed \(seed)")
      }
      try check(disk.afterProcessDeath(), done, "death at step \(step)")
    }
  }

  @Test(arguments: ["no space left on device", "input/output error"])
  func failureAtEveryStep(reason: String) throws {
    for step in 0..<(try stepCount()) {
      let disk = SimulatedFileSystem()
      let done = Acknowledged()
      disk.fail(at: step, with: reason)
      try? workload(disk, done)
      try check(disk.afterProcessDeath(), done, "\(reason) at step \(step)")
      try check(
        disk.afterPowerCut(seed: UInt64(step)), done, "\(reason), then power cut, at step \(step)")
    }
  }
}

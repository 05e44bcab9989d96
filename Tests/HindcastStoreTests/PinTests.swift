import HindcastCore
import HindcastStore
import HindcastTestKit
import Testing

/// Readers that hold a snapshot while it is given up.
@Suite struct PinTests {
  /// A store whose commits from the third on are in logs, in which rows are rolled and segments
  /// merged.
  private func store(_ disk: SimulatedFileSystem) throws -> Store {
    var random = SplitMix64(seed: 11)
    let store = try Store.create(at: "/store", on: disk)
    try store.withWriter { _ = try $0.apply([.create(accounts())]) }
    let stream = try store.stream(
      options: StreamOptions(logCommitLimit: 2, tidiesInBackground: false))
    for _ in 0..<12 {
      try stream.submit(Row.batch(Row.random(3, &random)), to: "accounts") { _ in }
      try stream.flush()
    }
    try stream.close()
    return store
  }

  @Test(arguments: [1, 2, 3, 5, 8])
  func aReaderOfAnySnapshotInALogGoesOn(keptCount: Int) throws {
    let start = SimulatedFileSystem()
    let source = try store(start)
    let last = try source.snapshot().number
    let changes = try source.commits().flatMap(\.changes)
    #expect(changes.contains { if case .replacedSegments = $0 { true } else { false } })
    for number in 2...last {
      let expected = try RetentionStore.contents(source.snapshot(number))
      let disk = start.afterProcessDeath()
      let store = try Store.open(at: "/store", on: disk)
      do {
        let reader = try Store.open(at: "/store", on: disk)
        let snapshot = try reader.snapshot(number)
        for count in [keptCount, 1] {
          try store.withWriter { _ = try $0.expire(.keepLast(count)) }
          #expect(try RetentionStore.contents(snapshot) == expected, "\(number)")
          try store.withWriter { _ in }
          #expect(try RetentionStore.contents(snapshot) == expected, "\(number)")
        }
        withExtendedLifetime(reader) {}
      }
      try store.withWriter { _ in }
      let report = try store.verify(deep: true)
      #expect(report.isSound && report.leftovers.isEmpty, "\(number): \(report)")
    }
  }

  /// A store whose commits after the second one are in a few logs, which were rolled and compacted.
  private func streamed(_ disk: SimulatedFileSystem) throws -> Store {
    let store = try Store.create(at: "/store", on: disk)
    try store.withWriter { _ = try $0.apply([.create(accounts())]) }
    var random = SplitMix64(seed: 11)
    let options = StreamOptions(logCommitLimit: 4, tidiesInBackground: false)
    let stream = try store.stream(options: options)
    for _ in 0..<24 {
      try stream.submit(Row.batch(Row.random(4, &random)), to: "accounts") { _ in }
      try stream.flush()
    }
    try stream.close()
    return store
  }

  private func rows(_ snapshot: Snapshot) throws -> [Row] {
    try Row.readAll(snapshot.group(named: "accounts"))
  }

  @Test func aSnapshotInALogThatStaysKeepsItsSegments() throws {
    let disk = SimulatedFileSystem()
    let store = try streamed(disk)
    let latest = try store.snapshot().number
    for number in 3..<latest {
      let copy = SimulatedFileSystem(disk.moment)
      let store = try Store.open(at: "/store", on: copy)
      let expected = try rows(store.snapshot(number))
      let pinned = try store.snapshot(number)
      // Nothing of it is open yet.
      let others = try Store.open(at: "/store", on: copy)
      try others.withWriter { _ = try $0.expire(.keepLast(Int(latest - number))) }
      #expect(try rows(pinned) == expected, "snapshot \(number)")
      // Whoever writes next leaves them alone, too.
      try others.withWriter { _ = try $0.tag(latest, as: "last") }
      let again = try Store.open(at: "/store", on: copy)
      expectError(.expired) { _ = try again.snapshot(number) }
      #expect(try rows(pinned) == expected, "snapshot \(number)")
      withExtendedLifetime(pinned) {}
      #expect(try again.verify(deep: true).problems.isEmpty)
    }
  }
}

import HindcastCore
import HindcastStore
import HindcastTestKit
import Testing

/// Snapshots that readers hold while they are given up.
@Suite struct PinTests {
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

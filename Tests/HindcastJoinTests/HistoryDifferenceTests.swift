import HindcastCore
import HindcastJoin
import HindcastStore
import HindcastTestKit
import Testing

@Suite("Differences between snapshots")
struct HistoryDifferenceTests {
  /// Versions counted by record: what two histories differ in, the plain way.
  private static func plain(_ old: [WorldRow], _ new: [WorldRow]) -> [[Value]: (Int, Int)] {
    var counts: [[Value]: [WorldRow: Int]] = [:]
    for (rows, sign) in [(old, -1), (new, 1)] {
      for var row in rows {
        if row.isTombstone { row.features = [] }
        counts[row.record, default: [:]][row, default: 0] += sign
      }
    }
    return counts.compactMapValues { versions in
      let added = versions.values.reduce(0) { $0 + max($1, 0) }
      let removed = versions.values.reduce(0) { $0 - min($1, 0) }
      return added + removed > 0 ? (added, removed) : nil
    }
  }

  private func check(
    _ difference: HistoryDifference, _ old: [WorldRow], _ new: [WorldRow], _ what: String
  ) {
    let expected = Self.plain(old, new)
    #expect(difference.recordCount == expected.count, "\(what)")
    #expect(difference.addedCount == expected.values.reduce(0) { $0 + $1.0 }, "\(what)")
    #expect(difference.removedCount == expected.values.reduce(0) { $0 + $1.1 }, "\(what)")
    let shown = min(expected.count, HistoryDifference.shownCount)
    #expect(difference.first.count == shown, "\(what)")
    for record in difference.first {
      let counts = expected[record.identifier]
      #expect(counts?.0 == record.added && counts?.1 == record.removed, "\(what)")
    }
  }

  @Test("snapshots of one store, both ways", arguments: 0..<60 as Range<UInt64>)
  func oneStore(seed: UInt64) throws {
    let world = World.random(seed: seed)
    let store = try world.store()
    // An ingest without rows makes no commit.
    let commits = world.commits.filter { !$0.isEmpty }
    let new = try store.snapshot().group(named: world.group.name)
    for end in commits.indices {
      let number = UInt64(end + 3)
      let old = try store.snapshot(number).group(named: world.group.name)
      let (before, after) = (commits[...end].flatMap { $0 }, commits.flatMap { $0 })
      let what = "seed \(seed), snapshot \(number)"
      check(try HistoryDifference(from: old, to: new), before, after, what)
      check(try HistoryDifference(from: new, to: old), after, before, what)
      check(try HistoryDifference(from: nil, to: old), [], before, what)
      check(try HistoryDifference(from: old, to: nil), before, [], what)
    }
  }

  @Test(
    "the same versions in other segments are no difference", arguments: 0..<60 as Range<UInt64>)
  func otherSegments(seed: UInt64) throws {
    let world = World.random(seed: seed)
    var other = world
    other.commits = [world.commits.flatMap { $0 }]
    var fewer = other
    var random = SplitMix64(seed: seed)
    fewer.commits[0].removeAll { _ in Int.random(in: 0..<4, using: &random) == 0 }
    let name = world.group.name
    let group = try world.store().snapshot().group(named: name)
    let same = try HistoryDifference(
      from: group, to: other.store().snapshot().group(named: name))
    #expect(same.recordCount == 0 && same.addedCount == 0 && same.first.isEmpty, "seed \(seed)")
    let less = try HistoryDifference(
      from: group, to: fewer.store().snapshot().group(named: name))
    check(less, other.commits[0], fewer.commits[0], "seed \(seed)")
  }
}

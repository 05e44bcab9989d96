import HindcastCore
import HindcastFormat
import HindcastJoin
import HindcastReference
import HindcastTestKit
import Testing

/// Histories in many segments, most of which are over before a label, or begin after it.
@Suite("Engine: segments in the order of time")
struct ArrivalOrderTests {
  /// A random world whose rows arrive by event time, but for some that are late, a few a commit.
  private func arrived(_ seed: UInt64, rowsPerCommit: Int, late: Bool) -> World {
    var random = SplitMix64(seed: seed)
    var world = World.random(seed: seed)
    let rows = world.rows.map { row in
      (row, late && random.oneIn(20) ? row.eventTicks.addingReportingOverflow(1 << 40) : nil)
    }
    let sorted = rows.sorted { a, b in
      (a.1?.partialValue ?? a.0.eventTicks) < (b.1?.partialValue ?? b.0.eventTicks)
    }.map(\.0)
    world.commits = stride(from: 0, to: sorted.count, by: rowsPerCommit).map {
      Array(sorted[$0..<min($0 + rowsPerCommit, sorted.count)])
    }
    return world
  }

  @Test("the answers are the reference's", arguments: Strategy.fast)
  func answers(strategy: Strategy) throws {
    for seed in randomSeeds(40) {
      let world = arrived(seed, rowsPerCommit: 1 + Int(seed % 9), late: seed % 2 == 0)
      let engine = try Engine(world)
      let difference = try world.difference(from: engine.answers(world, strategy: strategy))
      try #require(difference == nil, "seed \(seed): \(difference ?? "")")
    }
  }

  @Test("a label is looked up only in segments that may answer it", arguments: [true, false])
  func fewSegments(areOrdered: Bool) throws {
    let rows = (0..<400).map { version("\($0)", at: Int64($0)) }
    var world = Story(rows).world
    let all = world.rows
    // Twenty commits: of twenty rows that follow one another, or of every twentieth.
    world.commits = (0..<20).map { commit in
      (0..<20).map { all[areOrdered ? commit * 20 + $0 : $0 * 20 + commit] }
    }
    world.labels = [3, 205, 399].map { WorldLabel(record: [1], ticks: $0) }
    let engine = try Engine(world)
    #expect(try engine.answers(world).map(\.eventTicks) == [3, 205, 399])
    #expect(try engine.searchedSegmentCount() == (areOrdered ? 3 : 20))
  }
}

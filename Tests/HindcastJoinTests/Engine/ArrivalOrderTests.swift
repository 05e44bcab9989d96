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

  /// Rows of thousands of records, which arrive by event time, but for every twentieth, and labels
  /// of one in `step` of the records.
  private func many(_ seed: UInt64, identifier: DataType, step: Int) -> World {
    var random = SplitMix64(seed: seed)
    let record = { (number: Int) -> Value in
      identifier == .utf8 ? .text("customer \(number)") : .integer(Int128(number))
    }
    var commits: [[WorldRow]] = Array(repeating: [], count: 7)
    for row in 0..<25_000 {
      let tick = row / 5
      let commit = tick / 1_000 + (random.oneIn(20) ? random.int(0...2) : 0)
      commits[commit].append(
        version("\(row)", at: Int64(tick), of: record(3 * random.int(0...2_499))))
    }
    var world = Story([], identifiers: [identifier]).world
    world.commits = commits
    for number in stride(from: random.int(0...step - 1), to: 7_600, by: step) {
      for _ in 0..<random.int(1...12) {
        world.labels.append(
          WorldLabel(record: [record(number)], ticks: Int64(random.int(-10...5_100))))
      }
    }
    return world
  }

  @Test("many records, of which labels name most or few", arguments: Strategy.fast)
  func manyRecords(strategy: Strategy) throws {
    for seed in randomSeeds(2) {
      for (identifier, step) in [(DataType.int64, 1), (.int64, 90), (.utf8, 2), (.utf8, 60)] {
        let world = many(seed, identifier: identifier, step: step)
        let engine = try Engine(world, batchRows: 5_000)
        let difference = try world.difference(from: engine.answers(world, strategy: strategy))
        try #require(
          difference == nil, "seed \(seed), \(identifier): \(difference?.suffix(2_000) ?? "")")
      }
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

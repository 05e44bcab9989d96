import HindcastCore
import HindcastJoin
import HindcastStore
import HindcastTestKit
import Testing

/// Groups whose features come, go, widen and change names: old segments read right, and old
/// snapshots answer with the features that they had (rules S1 and S2).
@Suite("Engine: evolved groups")
struct EvolvedWorldTests {
  @Test("every snapshot answers as a plain model of it", arguments: Strategy.fast + [.nested])
  func everySnapshot(strategy: Strategy) throws {
    for seed in randomSeeds(25) {
      let evolved = try EvolvedWorld(seed: seed)
      for (number, world) in evolved.snapshots {
        let engine = try Engine(evolved.store, world, snapshot: number)
        let answers = try engine.answers(world, strategy: strategy, chunkRows: 20)
        let difference = try world.difference(from: answers)
        try #require(
          difference == nil, "seed \(seed), snapshot \(number): \(difference?.suffix(3_000) ?? "")")
      }
    }
  }

  @Test("online is as-of there, too (rule N1)")
  func online() throws {
    for seed in randomSeeds(10) {
      let evolved = try EvolvedWorld(seed: seed)
      for (number, world) in evolved.snapshots {
        let answers = try Engine(evolved.store, world, snapshot: number).onlineAnswers(world)
        let difference = try world.difference(from: answers)
        try #require(
          difference == nil, "seed \(seed), snapshot \(number): \(difference?.suffix(3_000) ?? "")")
      }
    }
  }

  @Test("the whole history of a record is read as its group is now")
  func history() throws {
    for seed in randomSeeds(20) {
      let evolved = try EvolvedWorld(seed: seed)
      for (number, world) in evolved.snapshots {
        let group = try evolved.store.snapshot(number).group(named: world.group.name)
        for record in Set(world.rows.map(\.record)) {
          let found = try GroupHistory.versions(of: record, in: group).map(\.version)
          let wanted = world.rows.filter { $0.record == record }
          #expect(
            Set(found.map(\.features)) == Set(wanted.map(\.features))
              && found.count == wanted.count,
            "seed \(seed), snapshot \(number)")
        }
      }
    }
  }

  @Test("a deep inspection finds nothing wrong with segments of older definitions")
  func verified() throws {
    for seed in randomSeeds(20) {
      let evolved = try EvolvedWorld(seed: seed)
      let report = try evolved.store.verify(deep: true)
      #expect(report.isSound, "seed \(seed): \(report.problems)")
    }
  }
}

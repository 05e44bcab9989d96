import HindcastJoin
import HindcastReference
import HindcastTestKit
import Testing

/// Many labels, whose values are gathered in pieces on all cores.
@Suite("Engine: gathering")
struct GatherTests {
  @Test("many labels at a time get what few at a time get", arguments: 0..<8)
  func pieces(batch: Int) throws {
    for seed in randomSeeds(6) {
      let world = World.random(
        seed: seed,
        limits: World.Limits(rows: 24_000, records: 4_000, commits: 2, labels: 5_000, features: 2))
      let engine = try Engine(world, batchRows: 20_000)
      let many = try engine.answers(world)
      let few = try engine.answers(world, chunkRows: 700)
      let different = zip(many, few).enumerated().first { $1.0 != $1.1 }
      try #require(different == nil, "seed \(seed), label \(different?.offset ?? 0)")
      #expect(many.count == world.labels.count && few.count == many.count)
    }
  }
}

import HindcastCore
import HindcastJoin
import HindcastStore
import HindcastTestKit
import Testing

/// Erased records are missing in every snapshot; all others answer as before (rule S3).
@Suite("Engine: erasure")
struct ErasureTests {
  @Test("every snapshot answers as if the records had never been")
  func random() throws {
    for seed in randomSeeds(60) {
      var random = SplitMix64(seed: seed)
      var world = World.random(seed: seed)
      world = world.splitIntoCommits(1 + Int(seed % 5), &random)
      world.commits.removeAll(where: \.isEmpty)
      guard let victim = world.rows.randomElement(using: &random)?.record else { continue }
      let store = try world.store()
      if random.oneIn(2) {
        try store.compact(world.group.name, options: CompactionOptions(isFull: true))
      }
      var only = world
      only.commits = [[try #require(world.rows.first { $0.record == victim })]]
      let keys = try #require(try only.batches().first).keys
      _ = try store.erase(keys, from: world.group.name)
      var taken = 0
      for commit in try store.commits() where commit.number > 2 {
        if commit.rowCount > 0 { taken += 1 }
        var earlier = world
        earlier.commits = world.commits.prefix(taken).map { rows in
          rows.filter { $0.record != victim }
        }
        let expected = try earlier.referenceAnswers()
        let engine = try Engine(store, world, snapshot: commit.number)
        for strategy in Strategy.fast + [.nested] {
          let answers = try engine.answers(world, strategy: strategy)
          try #require(
            answers == expected, "seed \(seed), snapshot \(commit.number), \(strategy)")
        }
      }
    }
  }
}

import HindcastCore
import HindcastJoin
import HindcastReference
import HindcastStore
import HindcastTestKit
import Testing

/// Old snapshots keep their answers (rules S1 and S2).
@Suite("Engine: snapshots")
struct SnapshotTests {
  @Test("a snapshot answers from the commits up to its own")
  func prefixes() throws {
    for seed in randomSeeds(30) {
      var world = World.random(seed: seed)
      // An ingest without rows commits nothing.
      world.commits.removeAll(where: \.isEmpty)
      let store = try world.store()
      let commits = try store.commits().map(\.number).sorted()
      for (index, number) in commits.suffix(world.commits.count).enumerated() {
        var earlier = world
        earlier.commits = Array(world.commits.prefix(index + 1))
        let answers = try Engine(store, world, snapshot: number).answers(world)
        try #require(try answers == earlier.referenceAnswers(), "seed \(seed), snapshot \(number)")
      }
    }
  }

  @Test("a feature added later is null in what came before")
  func addedFeature() throws {
    var world = Story([version("a", at: 1), version("b", at: 2)]).world
    let store = try world.store()
    world.group.features.append(Field(id: 0, name: "more", type: .int64))
    try store.withWriter { writer in
      try writer.apply([.update(world.group)])
      let appender = try writer.append(to: world.group.name)
      var later = version("c", at: 3)
      later.features.append(5)
      try appender.append(try world.batch([later]))
      _ = try appender.commit()
    }
    world.labels = [1, 2, 3].map { WorldLabel(record: [1], ticks: $0) }
    let answers = try Engine(store, world, snapshot: nil).answers(world)
    #expect(answers.map(\.features) == [["a", .null], ["b", .null], ["c", 5]])
    let nested = try Engine(store, world, snapshot: nil).answers(world, strategy: .nested)
    #expect(nested == answers)
  }
}

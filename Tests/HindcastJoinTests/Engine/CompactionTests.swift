import HindcastCore
import HindcastJoin
import HindcastStore
import HindcastTestKit
import Testing

/// Compaction changes no answer, of any snapshot (rules O1, S1 and S2).
@Suite("Engine: compaction")
struct CompactionTests {
  @Test("answers of every snapshot stay, in every strategy, wherever the compactions fall")
  func random() throws {
    for seed in randomSeeds(60) {
      var random = SplitMix64(seed: seed)
      var world = World.random(seed: seed)
      world = world.splitIntoCommits(1 + Int(seed % 12), &random)
      world.commits.removeAll(where: \.isEmpty)
      let store = try Self.ingest(world, compactingWith: &random)
      try Self.check(store, world, seed)
    }
  }

  @Test("histories that run over many pages, and more segments than memory has room for")
  func long() throws {
    for seed in randomSeeds(3) {
      var random = SplitMix64(seed: seed)
      var world = World.random(seed: seed, limits: .long)
      world = world.splitIntoCommits(9, &random)
      world.commits.removeAll(where: \.isEmpty)
      let store = try world.store(batchRows: 3_000)
      let result = try store.compact(
        world.group.name, options: CompactionOptions(isFull: true, memoryBytes: 1))
      #expect(result.commits.count == 1)
      try Self.check(store, world, seed)
      #expect(try store.verify(deep: true).problems.isEmpty)
    }
  }

  @Test("a full compaction keeps the last arrival of what is equal in all three")
  func collapse() throws {
    for seed in randomSeeds(40) {
      let world = World.random(seed: seed)
      guard world.commits.filter({ !$0.isEmpty }).count > 1 else { continue }
      let store = try world.store()
      let result = try store.compact(
        world.group.name, options: CompactionOptions(isFull: true, rowsPerSegment: 5))
      struct Tie: Hashable { let record: [Value]; let event: Int64; let created: Int64? }
      let ties = Set(
        world.rows.map { Tie(record: $0.record, event: $0.eventTicks, created: $0.createdTicks) })
      #expect(result.addedRowCount == ties.count, "seed \(seed)")
      let engine = try Engine(store, world, snapshot: nil)
      #expect(engine.segmentCount == result.addedSegmentCount)
      #expect(try engine.answers(world) == world.referenceAnswers(), "seed \(seed)")
      let again = try store.compact(
        world.group.name, options: CompactionOptions(isFull: true, rowsPerSegment: 5))
      #expect(again.commits.isEmpty)
      // Segments that are smaller than they may be become fewer.
      let one = try store.compact(world.group.name, options: CompactionOptions(isFull: true))
      #expect(one.addedSegmentCount == (result.addedSegmentCount > 1 ? 1 : 0), "seed \(seed)")
      #expect(try Engine(store, world, snapshot: nil).answers(world) == world.referenceAnswers())
    }
  }

  /// Commits the world's history, with compactions of every kind in between.
  private static func ingest(
    _ world: World, compactingWith random: inout SplitMix64
  ) throws -> Store {
    let store = try Store.create(at: "/world", on: SimulatedFileSystem())
    try store.withWriter { _ = try $0.apply([.create(world.group)]) }
    for rows in world.commits {
      try store.withWriter { writer in
        let appender = try writer.append(
          to: world.group.name, options: AppendOptions(rowsPerSegment: random.pick([3, 1_000])))
        try appender.append(try world.batch(rows))
        _ = try appender.commit()
      }
      guard random.oneIn(2) else { continue }
      try store.compact(
        world.group.name,
        options: CompactionOptions(
          isFull: random.oneIn(3), memoryBytes: random.pick([1, 1 << 20]),
          rowsPerSegment: random.pick([2, 1_000])))
    }
    return store
  }

  /// Every snapshot that an ingest or a compaction made answers as the commits up to it do.
  private static func check(_ store: Store, _ world: World, _ seed: UInt64) throws {
    var taken = 0
    for commit in try store.commits() where commit.number > 2 {
      if commit.rowCount > 0 { taken += 1 }
      var earlier = world
      earlier.commits = Array(world.commits.prefix(taken))
      let expected = try earlier.referenceAnswers()
      let engine = try Engine(store, world, snapshot: commit.number)
      for strategy in Strategy.fast + [.nested] {
        let answers = try engine.answers(world, strategy: strategy)
        try #require(
          answers == expected, "seed \(seed), snapshot \(commit.number), \(strategy)")
      }
    }
    #expect(taken == world.commits.count)
  }
}

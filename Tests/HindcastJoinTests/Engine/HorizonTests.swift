import HindcastCore
import HindcastJoin
import HindcastReference
import HindcastStore
import HindcastTestKit
import Testing

/// Giving up old history changes no answer from the horizon on, and refuses the others (rule S4).
@Suite("Engine: horizon")
struct HorizonTests {
  @Test("answers at bounds from the horizon on stay; below it is an error, in every strategy")
  func random() throws {
    var (answered, refused) = (0, 0)
    for seed in randomSeeds(150) {
      var random = SplitMix64(seed: seed)
      var world = World.random(seed: seed)
      world = world.splitIntoCommits(1 + Int(seed % 6), &random)
      world.commits.removeAll(where: \.isEmpty)
      guard let tick = world.rows.randomElement(using: &random)?.eventTicks else { continue }
      let horizon = tick + Int64(random.int(-1...1))
      let store = try Self.expired(world, at: horizon, &random)
      for options in Self.requests(world, &random) {
        world.options = options
        let (inside, outside) = Self.split(world, horizon: horizon)
        try Self.check(store, world, inside, seed)
        answered += inside.count
        for label in outside.prefix(3) {
          try Self.checkRefused(store, world, label, seed)
          refused += 1
        }
      }
    }
    #expect(answered > 1_000 && refused > 100)
  }

  @Test("what goes is what later versions hide, tombstones too, and nothing else")
  func dropped() throws {
    var story = Story([
      version("a", at: 1), version("b", at: 2), version("c", at: 5), version("d", at: 9),
    ]).world
    story.commits.append([version("late", at: 3)])
    let store = try story.store()
    let unit = story.group.timeUnit
    let result = try store.expire(story.group.name, before: Instant(ticks: 5, unit: unit))
    #expect(result.removedRowCount == 5 && result.addedRowCount == 2)
    let again = try store.expire(story.group.name, before: Instant(ticks: 5, unit: unit))
    #expect(again.commit == nil)
    #expect(try store.snapshot().group(named: story.group.name).horizon == 5)
    story.labels = [5, 8, 9].map { WorldLabel(record: [1], ticks: $0) }
    let engine = try Engine(store, story, snapshot: nil)
    #expect(try engine.answers(story).map(\.features) == [["c"], ["c"], ["d"]])
    // The snapshot before still has all of it.
    story.labels = [1, 2, 3].map { WorldLabel(record: [1], ticks: $0) }
    let before = try Engine(store, story, snapshot: (result.commit ?? 0) - 1)
    #expect(try before.answers(story).map(\.features) == [["a"], ["b"], ["late"]])
  }

  /// A store of the world's history with a horizon: after some commits, with more of them and
  /// compactions to come.
  private static func expired(
    _ world: World, at horizon: Int64, _ random: inout SplitMix64
  ) throws -> Store {
    let store = try Store.create(at: "/world", on: SimulatedFileSystem())
    try store.withWriter { _ = try $0.apply([.create(world.group)]) }
    let name = world.group.name
    let turn = random.int(0...world.commits.count - 1)
    for (index, rows) in world.commits.enumerated() {
      try store.withWriter { writer in
        let appender = try writer.append(to: name)
        try appender.append(try world.batch(rows))
        _ = try appender.commit()
      }
      if index == turn || random.oneIn(6) {
        let options = CompactionOptions(memoryBytes: random.pick([1, 1 << 20]))
        _ = try store.expire(
          name, before: Instant(ticks: horizon, unit: world.group.timeUnit), options: options)
      }
      if random.oneIn(3) {
        try store.compact(name, options: CompactionOptions(isFull: random.oneIn(2)))
      }
    }
    return store
  }

  /// The world's own request, and others on the same history: all max ages, known late or not.
  private static func requests(_ world: World, _ random: inout SplitMix64) -> [ReferenceOptions] {
    [world.options]
      + SmallWorlds.requests(hasCreatedTime: world.group.createdTime != nil)
      .shuffled(using: &random).prefix(3)
  }

  /// The labels from the horizon on or without a time, and those before it, in unbounded numbers.
  private static func split(
    _ world: World, horizon: Int64
  ) -> (inside: [WorldLabel], outside: [WorldLabel]) {
    let limit = Int128(horizon) * Int128(world.group.timeUnit.nanoseconds)
    let margin = world.options.delay.nanoseconds + (world.options.isStrict ? 1 : 0)
    func isOutside(_ label: WorldLabel) -> Bool {
      guard let ticks = label.ticks, !label.record.contains(.null) else { return false }
      return Int128(ticks) * Int128(world.labelUnit.nanoseconds) - margin < limit
    }
    return (world.labels.filter { !isOutside($0) }, world.labels.filter(isOutside))
  }

  private static func check(
    _ store: Store, _ world: World, _ labels: [WorldLabel], _ seed: UInt64
  ) throws {
    var world = world
    world.labels = labels
    let expected = try world.referenceAnswers()
    let engine = try Engine(store, world, snapshot: nil)
    for strategy in Strategy.fast + [.nested] {
      let answers = try engine.answers(world, strategy: strategy)
      try #require(answers == expected, "seed \(seed), \(strategy), \(world.options)")
    }
    try #require(try engine.onlineAnswers(world) == expected, "seed \(seed), online")
  }

  private static func checkRefused(
    _ store: Store, _ world: World, _ label: WorldLabel, _ seed: UInt64
  ) throws {
    var world = world
    world.labels = [label]
    let engine = try Engine(store, world, snapshot: nil)
    for strategy in Strategy.fast + [.nested] {
      do {
        _ = try engine.answers(world, strategy: strategy)
        Issue.record("seed \(seed), \(strategy): \(label) was answered")
      } catch let error as HindcastError {
        #expect(error.code == .beforeHorizon && error.message.contains("gave up"), "seed \(seed)")
      }
    }
  }
}

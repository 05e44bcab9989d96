import HindcastCore
import HindcastJoin
import HindcastReference
import HindcastTestKit
import Testing

/// Random worlds through real stores: the engine gives what the reference gives.
@Suite("Engine: random worlds")
struct RandomWorldTests {
  @Test("one segment or many, every profile", arguments: Strategy.fast)
  func fast(strategy: Strategy) throws {
    for seed in randomSeeds(60) {
      let world = World.random(seed: seed)
      let engine = try Engine(
        world, profile: [.balanced, .fast, .small][Int(seed % 3)], batchRows: 1 + Int(seed % 70),
        memoryBytes: seed % 2 == 0 ? 1 : nil, segmentsPerIngest: Int(seed / 2 % 4))
      let difference = try world.difference(from: engine.answers(world, strategy: strategy))
      try #require(difference == nil, "\(difference ?? "")")
      let chunked = try engine.answers(
        world, strategy: strategy, chunkRows: 1 + Int(seed % 20))
      try #require(try chunked == world.referenceAnswers(), "in chunks, seed \(seed)")
    }
  }

  @Test("histories that run over many pages", arguments: 0..<6)
  func longHistories(batch: Int) throws {
    for seed in randomSeeds(2) {
      var random = SplitMix64(seed: seed)
      var world = World.random(seed: seed, limits: .long)
      let engine = try Engine(
        world, batchRows: 2_000, memoryBytes: random.oneIn(2) ? 1 << 20 : nil)
      for options in SmallWorlds.requests(hasCreatedTime: true).shuffled(using: &random).prefix(4) {
        for strategy in Strategy.fast {
          let difference = try world.difference(from: engine.answers(world, strategy: strategy))
          try #require(difference == nil, "\(strategy): \(difference?.suffix(5_000) ?? "")")
        }
        world.options = options
      }
    }
  }

  @Test("counts and certificate are the reference's (rules L1 and F2)")
  func certificates() throws {
    for seed in randomSeeds(60) {
      let world = World.random(seed: seed)
      let expected = try world.expected()
      let result = try Engine(world).run(world, chunkRows: 17)
      let certificate = result.certificate
      #expect(certificate.leastAge == expected.certificate.minimumEventMargin, "seed \(seed)")
      #expect(
        certificate.leastKnownAge == expected.certificate.minimumCreatedMargin, "seed \(seed)")
      #expect(certificate.lateLabels == expected.certificate.lateLabelCount, "seed \(seed)")
      let counts: [ReferenceOutcome: Int] = [
        .unusable: result.counts.unusable, .missing: result.counts.missing,
        .deleted: result.counts.deleted, .expired: result.counts.expired,
        .matched: result.counts.matched,
      ]
      #expect(counts == expected.counts, "seed \(seed)")
      let bound = try BoundView(FeatureView(group: world.group.name), to: world.group)
      var rule = bound.rule
      rule.delay = world.options.delay
      rule.isStrict = world.options.isStrict
      rule.checksCreatedTime = world.group.createdTime != nil && !world.options.allowsKnownLate
      #expect(certificate.holds(for: rule), "seed \(seed)")
    }
  }

  @Test("online is as-of (rule N1)")
  func online() throws {
    for seed in randomSeeds(50) {
      let world = World.random(seed: seed)
      let engine = try Engine(world)
      let online = try engine.onlineAnswers(world)
      let difference = try world.difference(from: online)
      try #require(difference == nil, "\(difference ?? "")")
      try #require(try engine.answers(world) == online, "seed \(seed)")
    }
  }

  @Test("nested is the reference, on a store")
  func nested() throws {
    for seed in randomSeeds(50) {
      let world = World.random(seed: seed)
      let difference = try world.difference(
        from: Engine(world).answers(world, strategy: .nested))
      try #require(difference == nil, "\(difference ?? "")")
    }
  }
}

import HindcastCore
import HindcastJoin
import HindcastReference
import HindcastTestKit
import Testing

/// Every small history in one store, every request: the engine gives what the reference gives.
@Suite("Engine: exhaustive small worlds")
struct SmallWorldTests {
  private static func check(hasCreatedTime: Bool, maxVersions: Int) throws {
    let choices: SmallWorlds.Choices =
      hasCreatedTime ? .withCreatedTime : .withoutCreatedTime
    let histories = SmallWorlds.histories(choices, maxVersions: maxVersions)
    func world(_ commitCount: Int, _ options: ReferenceOptions) -> World {
      SmallWorlds.world(
        histories, hasCreatedTime: hasCreatedTime, commitCount: commitCount,
        labelTicks: hasCreatedTime ? [1, 2, 3, 4] : [0, 1, 2, 3, 4], options: options)
    }
    let requests = SmallWorlds.requests(hasCreatedTime: hasCreatedTime)
    let engines = [
      try Engine(world(1, requests[0]), batchRows: 5_000),
      try Engine(world(3, requests[0]), profile: .fast, batchRows: 7_000),
    ]
    #expect(engines[1].segmentCount == 3)
    for (index, options) in requests.enumerated() {
      let world = world(1, options)
      let expected = try world.referenceAnswers()
      // Arrival order inside a record is the same in one commit and in three. By the parity of the
      // request's bits each setting meets both, and each pair of settings too.
      let engine = engines[index.nonzeroBitCount % 2]
      for strategy in Strategy.fast {
        let answers = try engine.answers(world, strategy: strategy)
        guard answers != expected else { continue }
        let difference = try world.difference(from: answers) ?? ""
        Issue.record("\(strategy), \(engine.segmentCount) segments: \(difference.suffix(4_000))")
        return
      }
    }
  }

  @Test("without created time, up to three versions")
  func withoutCreatedTime() throws {
    try Self.check(hasCreatedTime: false, maxVersions: 3)
  }

  @Test("with created time, up to three versions")
  func withCreatedTime() throws {
    try Self.check(hasCreatedTime: true, maxVersions: 3)
  }

  @Test("two records, each world a store of its own", arguments: [false, true])
  func tinyStores(commitPerVersion: Bool) throws {
    let requests = SmallWorlds.requests(hasCreatedTime: true)
    let worlds = SmallWorlds.tinyWorlds(
      maxVersions: 2, commitPerVersion: commitPerVersion, options: requests[0])
    // All of those with a commit a version; of the others, which differ less, every third.
    for index in stride(from: 0, to: worlds.count, by: commitPerVersion ? 1 : 3) {
      var world = worlds[index]
      let engine = try Engine(world)
      for step in 0..<4 {
        world.options = requests[(index + 9 * step) % requests.count]
        let strategy = Strategy.fast[(index + step) % Strategy.fast.count]
        let difference = try world.difference(
          from: engine.answers(world, strategy: strategy))
        try #require(difference == nil, "\(strategy): \(difference ?? "")")
      }
    }
  }
}

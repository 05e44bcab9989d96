import HindcastCore
import HindcastReference
import HindcastTestKit
import Testing

@Suite("Contract: leak-freedom")
struct LeakRuleTests {
  @Test("F1 and F3 hold on random worlds", arguments: Implementation.allCases)
  func invariances(implementation: Implementation) throws {
    for seed in randomSeeds(implementation == .reference ? 150 : 15) {
      let world = World.random(seed: seed)
      let broken = try world.brokenInvariances(seed: seed, implementation.answers)
      #expect(broken.isEmpty, "\(broken.joined(separator: "\n"))")
    }
  }

  @Test("F2: the margins are the smallest over matched labels, exact")
  func certificate() throws {
    let rows = [version("a", at: 10, created: 13), version("b", at: 20, created: 20)]
    var world = Story(rows, hasCreatedTime: true).with(maxAge: 8 * second).world
    world.labels = [(1, 12), (1, 15), (1, 18), (1, 19), (1, 27), (2, 30)].map {
      WorldLabel(record: [.integer($0)], ticks: $1)
    }
    let certificate = try world.expected().certificate
    #expect(certificate.minimumEventMargin == 5 * second)
    #expect(certificate.minimumCreatedMargin == 2 * second)
    #expect(certificate.lateLabelCount == 0)
  }

  @Test("F2: nothing matched is null, not zero")
  func emptyCertificate() throws {
    var world = Story([version("a", at: 10)]).world
    world.labels = [WorldLabel(record: [1], ticks: 9)]
    #expect(try world.expected().certificate == ReferenceCertificate())
  }

  @Test("F2: known late may be negative, and its cells are counted")
  func knownLate() throws {
    let rows = [version("a", at: 10, created: 50), version("b", at: 20)]
    var world = Story(rows, hasCreatedTime: true).with(knownLate: true).world
    world.labels = [10, 15, 20, 60].map { WorldLabel(record: [1], ticks: $0) }
    let certificate = try world.expected().certificate
    #expect(certificate.minimumEventMargin == 0)
    #expect(certificate.minimumCreatedMargin == -40 * second)
    #expect(certificate.lateLabelCount == 4, "an unknown created time counts as late")
    #expect(certificate.lateCellCount == 4)
  }

  @Test("F2: margins of random worlds are never below the delay")
  func margins() throws {
    for seed in randomSeeds(200) {
      let world = World.random(seed: seed)
      let certificate = try world.expected().certificate
      if let margin = certificate.minimumEventMargin {
        let delay = world.options.delay.nanoseconds
        #expect(world.options.isStrict ? margin > delay : margin >= delay, "seed \(seed)")
      }
      if let margin = certificate.minimumCreatedMargin, !world.options.allowsKnownLate {
        #expect(margin >= 0, "seed \(seed)")
      }
    }
  }

  @Test("random worlds show every outcome, so that the tests above mean something")
  func coverage() throws {
    var counts: [ReferenceOutcome: Int] = [:]
    for seed in 0..<100 as Range<UInt64> {
      counts.merge(try World.random(seed: seed).expected().counts, uniquingKeysWith: +)
    }
    for outcome in ReferenceOutcome.allCases {
      #expect(counts[outcome, default: 0] > 20, "\(outcome): \(counts)")
    }
    #expect(counts[.matched, default: 0] > 400, "\(counts)")
  }
}

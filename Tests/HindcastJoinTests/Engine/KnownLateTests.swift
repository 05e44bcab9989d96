import HindcastCore
import HindcastJoin
import HindcastReference
import HindcastTestKit
import Testing

/// Long histories of which few versions were known: what pages, trees and single rows skip.
@Suite("Engine: long histories known late")
struct KnownLateTests {
  /// When versions of one record became known.
  enum Knowledge: String, CaseIterable {
    case atOnce, half, oneInThousand, onlyFirst, never, backwards, sometimesNull
  }

  private static let versionCount = 60_000

  private static func createdTicks(_ knowledge: Knowledge, _ version: Int) -> Int64? {
    let future: Int64 = 1 << 40
    let time = Int64(version)
    return switch knowledge {
    case .atOnce: time
    case .half: version % 2 == 0 ? time : future
    case .oneInThousand: version % 1_000 == 7 ? time + 3 : future
    case .onlyFirst: version == 0 ? 0 : future
    case .never: future
    case .backwards: Int64(versionCount - version)
    case .sometimesNull: version % 3 == 0 ? nil : version % 977 == 1 ? time : .max
    }
  }

  private static func world(_ knowledge: Knowledge) -> World {
    var random = SplitMix64(seed: 7)
    let identifier = Field(id: 1, name: "id", type: .int64)
    let feature = Field(id: 2, name: "x", type: .int32)
    let group = FeatureGroup(
      name: "g", recordIdentifiers: [identifier], eventTime: "event_time", timeUnit: .second,
      createdTime: "created_time", features: [feature])
    let rows = (0..<versionCount).map { version in
      WorldRow(
        record: [.integer(1)], eventTicks: Int64(version),
        createdTicks: createdTicks(knowledge, version), features: [.integer(Int128(version))])
    }
    var ticks = (0..<400).map { _ in
      Int64.random(in: -10...Int64(versionCount + 10), using: &random)
    }
    ticks += [0, 1, 8_191, 8_192, 16_384, Int64(versionCount), 1 << 40, .max]
    return World(
      name: knowledge.rawValue, group: group,
      commits: [Array(rows.prefix(45_000)), Array(rows.dropFirst(45_000))],
      labelTypes: [.int64], labelUnit: .second,
      labels: ticks.map { WorldLabel(record: [.integer(1)], ticks: $0) },
      options: ReferenceOptions())
  }

  /// The last version in the order of event times whose event and created time are not after `t`.
  private static func answer(_ knowledge: Knowledge, at t: Int64) -> Int? {
    var version = Int(min(t, Int64(versionCount - 1)))
    while version >= 0 {
      if let created = createdTicks(knowledge, version), created <= t { return version }
      version -= 1
    }
    return nil
  }

  @Test("the last version that was known", arguments: Knowledge.allCases, Strategy.fast)
  func lastKnown(knowledge: Knowledge, strategy: Strategy) throws {
    let world = Self.world(knowledge)
    let answers = try Engine(world, batchRows: 20_000).answers(world, strategy: strategy)
    for (label, answer) in zip(world.labels, answers) {
      let expected = label.ticks.flatMap { Self.answer(knowledge, at: $0) }
      #expect(answer.eventTicks == expected.map { Int64($0) }, "\(label.ticks ?? 0)")
    }
  }
}

import HindcastCore
import HindcastReference
import HindcastTestKit

/// A short history told by hand: versions of a few records, each with a name of its own as its only
/// feature, so that an answer says which version won.
struct Story {
  var world: World

  /// A history of records identified by an int64, times in seconds unless told otherwise.
  init(
    _ rows: [WorldRow], hasCreatedTime: Bool = false, unit: TimeUnit = .second,
    identifiers: [DataType] = [.int64], labelTypes: [DataType]? = nil,
    labelUnit: TimeUnit? = nil, options: ReferenceOptions = ReferenceOptions()
  ) {
    let group = FeatureGroup(
      name: "story",
      recordIdentifiers: identifiers.enumerated().map {
        Field(id: UInt32($0 + 1), name: "id\($0)", type: $1)
      },
      eventTime: "event_time", timeUnit: unit, createdTime: hasCreatedTime ? "created" : nil,
      deletedFlag: "deleted", features: [Field(id: 10, name: "version", type: .utf8)])
    world = World(
      name: "story", group: group, commits: [rows], labelTypes: labelTypes ?? identifiers,
      labelUnit: labelUnit ?? unit, labels: [], options: options)
  }

  /// Asks for a record at a time; `deleted`, `expired`, `missing`, `unusable`, or the version's
  /// name.
  func ask(
    _ implementation: Implementation, _ record: Value..., at ticks: Int64?
  ) throws -> String {
    var world = self.world
    world.labels = [WorldLabel(record: record, ticks: ticks)]
    let answers = try implementation.answers(world)
    guard let answer = answers.first, answers.count == 1 else { return "\(answers.count) answers" }
    guard answer.outcome == .matched else {
      let isNull = answer.features == [.null] && answer.eventTicks == nil
      return isNull ? answer.outcome.rawValue : "\(answer)"
    }
    guard case .bytes(let name)? = answer.features.first else { return "null" }
    return String(decoding: name, as: UTF8.self)
  }

  /// Asks for record 1 at each of some times.
  func ask(_ implementation: Implementation, at times: [Int64]) throws -> [String] {
    try times.map { try ask(implementation, 1, at: $0) }
  }

  /// The same history under other options.
  func with(
    delay: Int128 = 0, isStrict: Bool = false, maxAge: Int128? = nil, knownLate: Bool = false
  ) -> Story {
    var story = self
    story.world.options = ReferenceOptions(
      delay: TimeSpan(nanoseconds: delay), isStrict: isStrict,
      maxAge: maxAge.map { TimeSpan(nanoseconds: $0) }, allowsKnownLate: knownLate)
    return story
  }
}

/// A version of record `record` (1 unless told otherwise).
func version(
  _ name: String?, at event: Int64, created: Int64? = nil, of record: Value...
) -> WorldRow {
  WorldRow(
    record: record.isEmpty ? [1] : record, eventTicks: event, createdTicks: created,
    features: [name.map { .text($0) } ?? .null])
}

/// A tombstone of record 1.
func tombstone(at event: Int64, created: Int64? = nil) -> WorldRow {
  WorldRow(
    record: [1], eventTicks: event, createdTicks: created, isTombstone: true, features: [.null])
}

/// Nanoseconds in a second.
let second: Int128 = 1_000_000_000

import HindcastCore
public import HindcastReference

/// Every small history and every request at it.
///
/// A history is up to three versions of one record; all of them lie side by side in one world, each
/// under a record identifier of its own, so that one store holds every combination and every record
/// has every kind of neighbour.
public enum SmallWorlds {
  /// How one version of a history can look.
  public struct Choices: Sendable {
    /// The event times.
    public var eventTicks: [Int64]
    /// The created times; nil in it is a null, an empty list is a group without created time.
    public var createdTicks: [Int64?]

    /// Creates a set of choices.
    public init(eventTicks: [Int64], createdTicks: [Int64?]) {
      self.eventTicks = eventTicks
      self.createdTicks = createdTicks
    }

    /// Ties in event time, no created time.
    public static let withoutCreatedTime = Choices(eventTicks: [0, 1, 2], createdTicks: [])
    /// Ties in both times, created before, at and after the event, or null.
    public static let withCreatedTime = Choices(eventTicks: [1, 2], createdTicks: [nil, 1, 2, 3])
  }

  /// What a version says: values, nulls or a tombstone.
  private enum Content: CaseIterable { case values, nulls, tombstone }

  /// Every history of at most `maxVersions` versions, in arrival order.
  ///
  /// The features tell every version from every other: the history's number and its place in it.
  public static func histories(_ choices: Choices, maxVersions: Int) -> [[WorldRow]] {
    let created: [Int64?] = choices.createdTicks.isEmpty ? [nil] : choices.createdTicks
    var versions: [WorldRow] = []
    for event in choices.eventTicks {
      for createdTicks in created {
        for content in Content.allCases {
          versions.append(
            WorldRow(
              record: [], eventTicks: event, createdTicks: createdTicks,
              isTombstone: content == .tombstone,
              features: [content == .values ? .integer(0) : .null, .integer(0)]))
        }
      }
    }
    var histories: [[WorldRow]] = [[]]
    var longest: [[WorldRow]] = [[]]
    for _ in 0..<maxVersions {
      longest = longest.flatMap { history in versions.map { history + [$0] } }
      histories += longest
    }
    return histories
  }

  /// A world of all `histories`, history `i` being record `i`.
  ///
  /// - Parameters:
  ///   - commitCount: 1 puts all versions in one commit, first versions of all records first; `n`
  ///     puts the version at place `p` of each history in commit `p % n`.
  ///   - labelTicks: each record is asked at each of these.
  public static func world(
    _ histories: [[WorldRow]], hasCreatedTime: Bool, commitCount: Int, labelTicks: [Int64],
    options: ReferenceOptions
  ) -> World {
    var commits: [[WorldRow]] = Array(repeating: [], count: commitCount)
    for place in 0..<(histories.map(\.count).max() ?? 0) {
      for (index, history) in histories.enumerated() where place < history.count {
        var row = history[place]
        row.record = [.integer(Int128(index))]
        if row.features[0] != .null { row.features[0] = .integer(Int128(index)) }
        row.features[1] = row.isTombstone ? .null : .integer(Int128(place))
        commits[place % commitCount].append(row)
      }
    }
    let labels = histories.indices.flatMap { index in
      labelTicks.map { WorldLabel(record: [.integer(Int128(index))], ticks: $0) }
    }
    let group = FeatureGroup(
      name: "small", recordIdentifiers: [Field(id: 1, name: "id", type: .int64)],
      eventTime: "event_time", timeUnit: .second, createdTime: hasCreatedTime ? "created" : nil,
      deletedFlag: "deleted",
      features: [
        Field(id: 2, name: "record", type: .int64), Field(id: 3, name: "place", type: .int8),
      ])
    return World(
      name: "\(histories.count) histories in \(commitCount) commits", group: group,
      commits: commits, labelTypes: [.int64], labelUnit: .second, labels: labels, options: options)
  }

  /// Every request: strict or not, delay or not, known late or not, and max ages that lie under, at
  /// and over the ages that occur.
  public static func requests(hasCreatedTime: Bool) -> [ReferenceOptions] {
    var requests: [ReferenceOptions] = []
    for isStrict in [false, true] {
      for delaySeconds in [0, 1] {
        for maxAgeSeconds in [nil, 0, 1, 2] as [Int128?] {
          for allowsKnownLate in hasCreatedTime ? [false, true] : [false] {
            requests.append(
              ReferenceOptions(
                delay: TimeSpan(nanoseconds: Int128(delaySeconds) * 1_000_000_000),
                isStrict: isStrict,
                maxAge: maxAgeSeconds.map { TimeSpan(nanoseconds: $0 * 1_000_000_000) },
                allowsKnownLate: allowsKnownLate))
          }
        }
      }
    }
    return requests
  }
}

/// What became of a label (rule L1).
public enum Outcome: UInt8, Hashable, Sendable, CaseIterable {
  /// An identifier component or the time is null.
  case unusable
  /// No version was known.
  case missing
  /// The winner is a tombstone.
  case deleted
  /// The winner is older than the max age.
  case expired
  /// The winner's values are the answer.
  case matched
}

/// Which row answers each label of a chunk: the result of resolving, the input of gathering.
///
/// The parallel arrays are in *resolve order*, records together and times ascending; `labels` says
/// which label each entry is.
public struct Resolution: Sendable {
  /// The label row of each entry.
  public let labels: [Int32]
  /// The winner's segment, an index into the group's segments; -1 where there is none.
  public let segments: [Int32]
  /// The winner's row in its segment.
  public let rows: [Int]
  /// The winner's event time in the group's unit.
  public let eventTimes: [Int64]
  /// The winner's created time in the group's unit; nil where null.
  ///
  /// Empty if the group has no created time.
  public let createdTimes: [Int64?]
  /// What became of each label, in *label order*.
  public internal(set) var outcomes: [Outcome]
  /// How the rows were found.
  public internal(set) var plan: ResolvePlan

  /// The number of labels in the chunk.
  public var labelCount: Int { outcomes.count }

  /// What strategies found, before it is said what became of each label.
  init(order: LabelOrder, winners: Winners, labelCount: Int, plan: ResolvePlan) {
    labels = order.rows
    segments = winners.segments
    rows = winners.rows
    eventTimes = winners.eventTimes
    createdTimes = winners.createdTimes
    outcomes = Array(repeating: .missing, count: labelCount)
    self.plan = plan
  }

  /// The entries that matched.
  func matchedEntries() -> [Int] {
    labels.indices.filter { outcomes[Int(labels[$0])] == .matched }
  }
}

/// How many labels became what (rule L1); the five add up to the number of labels.
public struct OutcomeCounts: Hashable, Sendable {
  /// Labels with a null identifier component or time.
  public var unusable = 0
  /// Labels without a candidate.
  public var missing = 0
  /// Labels whose winner is a tombstone.
  public var deleted = 0
  /// Labels whose winner is too old.
  public var expired = 0
  /// Labels that have an answer.
  public var matched = 0

  /// All zero.
  public init() {}

  /// Counts a chunk's outcomes in.
  public mutating func add(_ outcomes: [Outcome]) {
    for outcome in outcomes {
      switch outcome {
      case .unusable: unusable += 1
      case .missing: missing += 1
      case .deleted: deleted += 1
      case .expired: expired += 1
      case .matched: matched += 1
      }
    }
  }

  /// Counts other counts in.
  public mutating func add(_ other: OutcomeCounts) {
    unusable += other.unusable
    missing += other.missing
    deleted += other.deleted
    expired += other.expired
    matched += other.matched
  }

  /// The number of labels.
  public var total: Int { unusable + missing + deleted + expired + matched }
}

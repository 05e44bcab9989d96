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
/// The parallel arrays are in *resolve order*, sorted by (key, time), in which winners' rows ascend
/// within every segment; `labels` says which label each entry is.
public struct Resolution: Sendable {
  /// The label row of each entry.
  public internal(set) var labels: [Int32]
  /// The winner's segment, an index into the group's segments; -1 where there is none.
  public internal(set) var segments: [Int32]
  /// The winner's row in its segment.
  public internal(set) var rows: [Int]
  /// The winner's event time in the group's unit.
  public internal(set) var eventTimes: [Int64]
  /// The winner's created time in the group's unit; nil where null.
  ///
  /// Empty if the group has no created time.
  public internal(set) var createdTimes: [Int64?]
  /// What became of each label, in *label order*.
  public internal(set) var outcomes: [Outcome]

  /// The number of labels in the chunk.
  public var labelCount: Int { outcomes.count }

  /// A resolution in which no entry has a winner yet.
  init(order: LabelOrder, labelCount: Int, hasCreatedTime: Bool) {
    labels = order.rows
    segments = Array(repeating: -1, count: labels.count)
    rows = Array(repeating: 0, count: labels.count)
    eventTimes = Array(repeating: 0, count: labels.count)
    createdTimes = hasCreatedTime ? Array(repeating: nil, count: labels.count) : []
    outcomes = Array(repeating: .missing, count: labelCount)
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

  /// The number of labels.
  public var total: Int { unusable + missing + deleted + expired + matched }
}

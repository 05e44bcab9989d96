public import HindcastCore

/// What a label asks: which record, and when.
public struct ReferenceLabel: Hashable, Sendable {
  /// The record identifier, a value a component, null where the label has none.
  public var record: [Value]
  /// The time; nil if it is null.
  public var time: ReferenceTime?

  /// Creates a label.
  public init(record: [Value], time: ReferenceTime?) {
    self.record = record
    self.time = time
  }
}

/// What became of a label (rule L1); every label has exactly one outcome in each group.
public enum ReferenceOutcome: String, Hashable, Sendable, CaseIterable {
  /// An identifier component or the time is null.
  case unusable
  /// The record has no candidate.
  case missing
  /// The winner is a tombstone.
  case deleted
  /// The winner is older than the max age.
  case expired
  /// The winner's values are the answer.
  case matched
}

/// A group's answer to one label.
public struct ReferenceAnswer: Hashable, Sendable {
  /// What became of the label.
  public var outcome: ReferenceOutcome
  /// The index, in the group's versions, of the last candidate in order O1; nil if there is none.
  public var winner: Int?
  /// The features' values: the winner's if matched, else all null.
  public var features: [Value]
  /// The winner's event time if matched, else nil.
  public var eventTicks: Int64?
}

public import HindcastCore

/// How far back an answer may lie.
public enum MaxAge: Hashable, Sendable {
  /// Any age will do.
  case unlimited
  /// At most this long before the label's time.
  case atMost(TimeSpan)
}

/// One group in one role of a request: which features, under which keys, by which rule.
///
/// The same group can serve several times in a request under different aliases.
public struct FeatureView: Hashable, Sendable {
  /// The name of the role; the group's name unless given.
  public var alias: String
  /// The group's name.
  public var group: String
  /// The features asked for, in output order; empty means all of the group's.
  public var features: [String]
  /// Record identifier -> label column, where the two differ in name.
  public var keys: [String: String]
  /// The request's max age; nil leaves it to the group's time to live.
  public var maxAge: MaxAge?
  /// The request's delay; nil leaves it to the group's.
  public var delay: TimeSpan?
  /// Whether `event time + delay` must lie before the label's time; nil leaves it to the group.
  public var isStrict: Bool?
  /// Whether versions that became known only after the label's time may answer.
  public var isKnownLate: Bool

  /// Creates a view with the group's own rule.
  public init(alias: String? = nil, group: String, features: [String] = []) {
    self.alias = alias ?? group
    self.group = group
    self.features = features
    keys = [:]
    isKnownLate = false
  }
}

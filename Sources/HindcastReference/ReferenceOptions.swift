public import HindcastCore

/// How a request reads a group, fully resolved.
public struct ReferenceOptions: Hashable, Sendable {
  /// How long after its event time a version can first be used.
  public var delay: TimeSpan
  /// Whether `event time + delay` must lie before the label's time, not at it.
  public var isStrict: Bool
  /// How old a version may be at the label's time; nil is no limit.
  public var maxAge: TimeSpan?
  /// Whether versions that became known after the label's time may answer.
  public var allowsKnownLate: Bool

  /// Creates options.
  public init(
    delay: TimeSpan = .zero, isStrict: Bool = false, maxAge: TimeSpan? = nil,
    allowsKnownLate: Bool = false
  ) {
    self.delay = delay
    self.isStrict = isStrict
    self.maxAge = maxAge
    self.allowsKnownLate = allowsKnownLate
  }

  /// A group's own settings.
  public init(_ group: FeatureGroup) {
    self.init(delay: group.delay, isStrict: group.isStrict, maxAge: group.timeToLive)
  }

  /// Refuses what rule A2 refuses.
  func validate() throws(HindcastError) {
    if delay.nanoseconds < 0 {
      throw HindcastError(.invalidArgument, "delay \(delay) is negative")
    }
    if let maxAge, maxAge.nanoseconds < 0 {
      throw HindcastError(.invalidArgument, "max age \(maxAge) is negative")
    }
  }
}

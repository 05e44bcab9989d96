public import HindcastCore

/// By what rule a version answers a label, with every default resolved (rules A1 and A2).
public struct AsOfRule: Hashable, Sendable {
  /// The unit of the group's event and created times.
  public var timeUnit: TimeUnit
  /// How long after its event time a version can first be used.
  public var delay: TimeSpan
  /// Whether `event time + delay` must lie before the label's time.
  public var isStrict: Bool
  /// How old the winner may be; nil is no limit.
  public var maxAge: TimeSpan?
  /// Whether versions must have been known at the label's time.
  public var checksCreatedTime: Bool

  /// The rule of `view` on `group`: the request's options, else the group's own.
  public init(_ view: FeatureView, _ group: FeatureGroup) {
    timeUnit = group.timeUnit
    delay = view.delay ?? group.delay
    isStrict = view.isStrict ?? group.isStrict
    maxAge =
      switch view.maxAge {
      case nil: group.timeToLive
      case .unlimited: nil
      case .atMost(let span): span
      }
    checksCreatedTime = group.createdTime != nil && !view.isKnownLate
  }

  /// Refuses negative spans (rule A2).
  func validate(alias: String) throws(HindcastError) {
    if delay < .zero {
      throw HindcastError(.invalidArgument, "\(alias): delay \(delay) is negative")
    }
    if let maxAge, maxAge < .zero {
      throw HindcastError(.invalidArgument, "\(alias): max age \(maxAge) is negative")
    }
  }
}

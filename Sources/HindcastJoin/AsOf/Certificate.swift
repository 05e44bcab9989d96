public import HindcastCore

/// The proof of F2 for one view over matched labels: how close the answers come to the labels' times.
public struct Certificate: Hashable, Sendable {
  /// The least `t - event time`, nanoseconds; nil if nothing matched.
  public private(set) var leastAge: Int128?
  /// The least `t - created time`, nanoseconds; nil if nothing matched or the group has no created
  /// time.
  ///
  /// Negative only where versions known late were allowed.
  public private(set) var leastKnownAge: Int128?
  /// Labels answered by a version that became known only after the label's time, or never did.
  public private(set) var lateLabels = 0

  /// A certificate over no labels.
  public init() {}

  /// Takes a chunk's matches in.
  ///
  /// O(labels).
  public mutating func add(_ resolution: Resolution, _ labels: LabelVector, unit: TimeUnit) {
    let times = labels.times.span(of: Int64.self)
    let hasCreatedTime = !resolution.createdTimes.isEmpty
    for entry in resolution.labels.indices {
      let label = Int(resolution.labels[entry])
      guard resolution.outcomes[label] == .matched else { continue }
      let time = Instant(ticks: times[label], unit: labels.unit).nanoseconds
      let event = Instant(ticks: resolution.eventTimes[entry], unit: unit).nanoseconds
      leastAge = min(leastAge ?? .max, time - event)
      guard hasCreatedTime else { continue }
      guard let created = resolution.createdTimes[entry] else {
        lateLabels += 1
        continue
      }
      let knownAge = time - Instant(ticks: created, unit: unit).nanoseconds
      leastKnownAge = min(leastKnownAge ?? .max, knownAge)
      if knownAge < 0 { lateLabels += 1 }
    }
  }

  /// Whether the certificate holds for `rule`: nothing younger than the delay, nothing known late.
  public func holds(for rule: AsOfRule) -> Bool {
    if let leastAge {
      let floor = rule.delay.nanoseconds
      guard rule.isStrict ? leastAge > floor : leastAge >= floor else { return false }
    }
    return !rule.checksCreatedTime || lateLabels == 0
  }
}

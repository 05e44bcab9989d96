public import HindcastCore

/// The as-of join in the plainest code: for each label, a look at every version of its record.
///
/// This is the contract; every other implementation is tested against it.
public struct ReferenceJoin: Sendable {
  /// The history that is asked.
  public let group: ReferenceGroup
  /// How it is asked.
  public let options: ReferenceOptions
  /// The types of the labels' identifier columns, in key order.
  public let labelTypes: [DataType]

  /// Creates a join.
  /// - Parameter labelTypes: the types of the labels' identifier columns; the group's own if nil.
  /// - Throws: ``HindcastError`` if a span is negative (A2) or types do not compare by value (L2).
  public init(
    group: ReferenceGroup, options: ReferenceOptions, labelTypes: [DataType]? = nil
  ) throws(HindcastError) {
    try options.validate()
    let labelTypes = labelTypes ?? group.identifierTypes
    guard labelTypes.count == group.identifierTypes.count else {
      throw HindcastError(
        .invalidArgument,
        "labels name a record by \(labelTypes.count) columns, not \(group.identifierTypes.count)")
    }
    for (label, record) in zip(labelTypes, group.identifierTypes) {
      guard let kind = ReferenceKey.kind(label), kind == ReferenceKey.kind(record) else {
        throw HindcastError(.typeMismatch, "\(label) can't be compared with \(record)")
      }
    }
    self.group = group
    self.options = options
    self.labelTypes = labelTypes
  }

  /// The answer to one label.
  ///
  /// O(versions of its record).
  public func answer(_ label: ReferenceLabel) -> ReferenceAnswer {
    guard let key = ReferenceKey(label.record, types: labelTypes), let time = label.time else {
      return nullAnswer(.unusable, winner: nil)
    }
    let now = time.nanoseconds
    var winner: Int?
    for index in group.versions(of: key) where isCandidate(group.versions[index], now) {
      if let best = winner, !isLater(group.versions[index], than: group.versions[best]) { continue }
      winner = index
    }
    guard let winner else { return nullAnswer(.missing, winner: nil) }
    let version = group.versions[winner]
    if version.isTombstone { return nullAnswer(.deleted, winner: winner) }
    let age = now - group.nanoseconds(version.eventTicks)
    if let maxAge = options.maxAge, age > maxAge.nanoseconds {
      return nullAnswer(.expired, winner: winner)
    }
    return ReferenceAnswer(
      outcome: .matched, winner: winner, features: version.features,
      eventTicks: version.eventTicks)
  }

  /// Rule A1: whether a version may answer at `now`.
  private func isCandidate(_ version: ReferenceVersion, _ now: Int128) -> Bool {
    let usableFrom = group.nanoseconds(version.eventTicks) + options.delay.nanoseconds
    if options.isStrict {
      guard usableFrom < now else { return false }
    } else {
      guard usableFrom <= now else { return false }
    }
    guard group.hasCreatedTime, !options.allowsKnownLate else { return true }
    guard let createdTicks = version.createdTicks else { return false }
    return group.nanoseconds(createdTicks) <= now
  }

  /// Rule O1: event time, then created time with null first, then arrival.
  private func isLater(_ a: ReferenceVersion, than b: ReferenceVersion) -> Bool {
    if a.eventTicks != b.eventTicks { return a.eventTicks > b.eventTicks }
    if group.hasCreatedTime, a.createdTicks != b.createdTicks {
      guard let aCreated = a.createdTicks else { return false }
      guard let bCreated = b.createdTicks else { return true }
      return aCreated > bCreated
    }
    if a.arrival.commit != b.arrival.commit { return a.arrival.commit > b.arrival.commit }
    return a.arrival.place > b.arrival.place
  }

  private func nullAnswer(_ outcome: ReferenceOutcome, winner: Int?) -> ReferenceAnswer {
    ReferenceAnswer(
      outcome: outcome, winner: winner,
      features: Array(repeating: .null, count: group.featureCount), eventTicks: nil)
  }
}

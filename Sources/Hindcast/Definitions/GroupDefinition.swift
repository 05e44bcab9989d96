public import HindcastCore

/// What a person says of a feature group, in a file or in options.
///
/// What is not said stays as it is in the store, or takes its default in a new group.
public struct GroupDefinition: Hashable, Sendable {
  /// An attribute that can be switched off, apart from not being mentioned.
  public enum Setting<Value: Hashable & Sendable>: Hashable, Sendable {
    /// Not mentioned.
    case unsaid
    /// Said to be absent.
    case none
    /// Said to be this.
    case some(Value)
  }

  /// The group's name.
  public var name: String
  /// The record identifiers, in key order.
  public var recordIdentifiers: [Field]?
  /// The event-time column.
  public var eventTime: String?
  /// The zone name of the event time, for output.
  public var timeZone: Setting<String> = .unsaid
  /// The unit of event and created times.
  public var timeUnit: TimeUnit?
  /// The created-time column.
  public var createdTime: Setting<String> = .unsaid
  /// The deleted-flag column.
  public var deletedFlag: Setting<String> = .unsaid
  /// The features; features of the store that are not named stay.
  public var features: [Field]?
  /// How old a version may be.
  public var timeToLive: Setting<TimeSpan> = .unsaid
  /// How long after its event time a version can first be used.
  public var delay: TimeSpan?
  /// Whether `event time + delay` must lie before the label's time.
  public var isStrict: Bool?
  /// What the group means.
  public var description: String?
  /// Free labels; labels of the store that are not named stay.
  public var tags: [String: String]?
  /// Who answers for the group.
  public var owner: String?

  /// Creates a definition that says nothing yet.
  public init(name: String) {
    self.name = name
  }
}

extension GroupDefinition {
  /// The new group that this describes; the store gives its fields their ids.
  /// - Throws: ``HindcastError`` where something necessary is unsaid, or a rule is broken.
  public func newGroup() throws(HindcastError) -> FeatureGroup {
    guard let recordIdentifiers, !recordIdentifiers.isEmpty else {
      throw missing("record_identifiers")
    }
    guard let eventTime else { throw missing("event_time") }
    let group = FeatureGroup(
      name: name,
      recordIdentifiers: recordIdentifiers,
      eventTime: eventTime,
      eventTimeZone: timeZone.value(unsaid: "UTC"),
      timeUnit: timeUnit ?? .microsecond,
      createdTime: createdTime.value(unsaid: nil),
      deletedFlag: deletedFlag.value(unsaid: nil),
      features: features ?? [],
      timeToLive: timeToLive.value(unsaid: nil),
      delay: delay ?? .zero,
      isStrict: isStrict ?? false,
      description: description ?? "",
      tags: tags ?? [:],
      owner: owner ?? "")
    try group.validate()
    return group
  }

  private func missing(_ attribute: String) -> HindcastError {
    HindcastError(.invalidArgument, "group \(name) is new and needs \(attribute)")
  }

  /// The group of the store with everything that this says; new features are added at the end.
  /// - Throws: ``HindcastError`` where a rule is broken. What can't change in a group with history
  ///   is for the store to judge.
  public func applied(to group: FeatureGroup) throws(HindcastError) -> FeatureGroup {
    var result = group
    if let recordIdentifiers {
      result.recordIdentifiers = Self.merged(recordIdentifiers, with: group.recordIdentifiers)
    }
    if let eventTime { result.eventTime = eventTime }
    if let timeUnit { result.timeUnit = timeUnit }
    result.eventTimeZone = timeZone.value(unsaid: group.eventTimeZone)
    result.createdTime = createdTime.value(unsaid: group.createdTime)
    result.deletedFlag = deletedFlag.value(unsaid: group.deletedFlag)
    result.timeToLive = timeToLive.value(unsaid: group.timeToLive)
    if let delay { result.delay = delay }
    if let isStrict { result.isStrict = isStrict }
    if let description { result.description = description }
    if let owner { result.owner = owner }
    if let tags { result.tags.merge(tags) { _, new in new } }
    if let features {
      let known = Set(group.features.map(\.name))
      let named = Dictionary(
        features.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
      result.features = group.features.map { old in
        named[old.name].map { Self.merged($0, with: old) } ?? old
      }
      let added = features.filter { !known.contains($0.name) }
      result.features += added
    }
    try result.validate()
    return result
  }

  /// The fields as said, with the ids of the fields of the same names.
  private static func merged(_ fields: [Field], with old: [Field]) -> [Field] {
    fields.map { field in
      old.first { $0.name == field.name }.map { merged(field, with: $0) } ?? field
    }
  }

  private static func merged(_ field: Field, with old: Field) -> Field {
    var result = old
    result.type = field.type
    if !field.description.isEmpty { result.description = field.description }
    result.tags.merge(field.tags) { _, new in new }
    return result
  }
}

extension GroupDefinition.Setting {
  fileprivate func value(unsaid: Value?) -> Value? {
    switch self {
    case .unsaid: unsaid
    case .none: nil
    case .some(let value): value
    }
  }
}

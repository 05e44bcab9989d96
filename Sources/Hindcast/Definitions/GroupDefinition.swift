public import HindcastCore
import HindcastStore

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
  ///
  /// A default of ``HindcastCore/Value/null`` says that there is none.
  public var features: [Field]?
  /// The old names of features that were renamed, by their new names.
  public var renames: [String: String] = [:]
  /// Features of the store that are to go.
  public var drops: Set<String> = []
  /// Whether ``features`` is meant to name all that the group has, so that what it leaves out is
  /// worth a word.
  public var isComplete = false
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

  /// Where a file defines the group; nil if options do.
  var place: Place?

  /// A line of a file.
  struct Place: Hashable, Sendable {
    var file: String
    var line: Int?
  }

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
      features: (features ?? []).map { Self.merged($0, with: nil) },
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
      result.recordIdentifiers = recordIdentifiers.map { field in
        Self.merged(field, with: group.recordIdentifiers.first { $0.name == field.name })
      }
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
    result.features = appliedFeatures(to: group)
    try result.validate()
    return result
  }

  private func appliedFeatures(to group: FeatureGroup) -> [Field] {
    let kept = group.features.filter { !drops.contains($0.name) }
    let renames = FeatureRenames(renames, of: kept)
    var result = kept.map { old in
      var field = old
      field.name = renames.pending[old.name] ?? old.name
      guard let said = features?.first(where: { $0.name == field.name }) else { return field }
      return Self.merged(said, with: field)
    }
    for field in features ?? [] where !result.contains(where: { $0.name == field.name }) {
      result.append(Self.merged(field, with: nil))
    }
    return result
  }

  /// The features of a group that a complete definition leaves out.
  public func unnamedFeatures(of group: FeatureGroup) -> [String] {
    guard isComplete, let features else { return [] }
    let pending = FeatureRenames(renames, of: group.features).pending
    return group.features.map(\.name).filter { name in
      pending[name] == nil && !features.contains { $0.name == name }
    }
  }

  /// What is said of a field, the rest as it was.
  private static func merged(_ field: Field, with old: Field?) -> Field {
    var result = old ?? field
    result.type = field.type
    if !field.description.isEmpty { result.description = field.description }
    result.tags.merge(field.tags) { _, new in new }
    if let value = field.defaultValue {
      result.defaultValue = value == .null ? nil : value
    } else if let old {
      // Of a type that can't follow the store says so itself.
      let isWider = old.type.widens(to: field.type)
      result.defaultValue = isWider ? old.defaultValue?.widened(to: field.type) : nil
    }
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

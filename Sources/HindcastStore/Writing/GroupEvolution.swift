public import HindcastCore

/// What may change in a group that has history: the settings, the descriptions, and new features at
/// the end, which are null in every row before.
///
/// Anything else would change the meaning of rows that are stored, and is refused.
public enum GroupEvolution {
  /// The first definition of a new group, with field ids from 1.
  /// - Throws: ``HindcastError`` if the definition breaks the contract.
  public static func created(_ group: FeatureGroup) throws(HindcastError) -> FeatureGroup {
    var result = group
    var next: UInt32 = 1
    func numbered(_ fields: [Field]) -> [Field] {
      fields.map { field in
        var field = field
        field.id = next
        next += 1
        return field
      }
    }
    result.recordIdentifiers = numbered(group.recordIdentifiers)
    result.features = numbered(group.features)
    result.nextFieldID = next
    try result.validate()
    return result
  }

  /// The definition that `current` becomes when it is to look like `wanted`; equal to `current` if
  /// there is nothing to do.
  /// - Throws: ``HindcastError`` that lists all that can't be changed, with the reasons.
  public static func evolved(
    _ current: FeatureGroup, to wanted: FeatureGroup
  ) throws(HindcastError) -> FeatureGroup {
    var refusals = fixedPartRefusals(current, wanted)
    var result = current
    result.recordIdentifiers = described(current.recordIdentifiers, as: wanted.recordIdentifiers)
    result.features = described(current.features, as: wanted.features)
    for field in wanted.features {
      guard let old = current.feature(named: field.name) else {
        var added = field
        added.id = result.nextFieldID
        result.nextFieldID += 1
        result.features.append(added)
        continue
      }
      if old.type != field.type {
        refusals.append(
          "feature '\(field.name)' is \(old.type) and can't become \(field.type): add a new feature"
        )
      }
    }
    for field in current.features where wanted.feature(named: field.name) == nil {
      refusals.append("feature '\(field.name)' can't be dropped while it has history")
    }
    guard refusals.isEmpty else {
      throw HindcastError(
        .invalidArgument,
        "group '\(current.name)' can't be changed like this: " + refusals.joined(separator: "; "))
    }
    result.timeToLive = wanted.timeToLive
    result.delay = wanted.delay
    result.isStrict = wanted.isStrict
    result.description = wanted.description
    result.tags = wanted.tags
    result.owner = wanted.owner
    try result.validate()
    return result
  }

  /// What differs in the parts that never change.
  private static func fixedPartRefusals(
    _ current: FeatureGroup, _ wanted: FeatureGroup
  ) -> [String] {
    var refusals: [String] = []
    func compare(_ what: String, _ old: String?, _ new: String?) {
      guard old != new else { return }
      refusals.append("\(what) is \(old ?? "absent") and can't become \(new ?? "absent")")
    }
    func identifiers(_ group: FeatureGroup) -> String {
      group.recordIdentifiers.map { "\($0.name) \($0.type)" }.joined(separator: ", ")
    }
    compare("the record identifier", identifiers(current), identifiers(wanted))
    compare("the event-time column", current.eventTime, wanted.eventTime)
    compare("the event time's zone", current.eventTimeZone, wanted.eventTimeZone)
    compare("the time unit", current.timeUnit.description, wanted.timeUnit.description)
    compare("the created-time column", current.createdTime, wanted.createdTime)
    compare("the deleted flag", current.deletedFlag, wanted.deletedFlag)
    return refusals
  }

  /// `current` with the descriptions and tags of the fields of the same names.
  private static func described(_ current: [Field], as wanted: [Field]) -> [Field] {
    current.map { field in
      guard let match = wanted.first(where: { $0.name == field.name }) else { return field }
      var field = field
      field.description = match.description
      field.tags = match.tags
      return field
    }
  }
}

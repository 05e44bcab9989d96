public import HindcastCore

/// What may change in a group that has history: whatever leaves the meaning of every stored row as
/// it was.
///
/// The settings, descriptions and tags; features are added at the end, renamed, dropped, and
/// widened to types that hold all their values. Segments stay as they are: they name features by
/// field ids, which are never used again, so that a name that is used again is another feature.
public enum GroupEvolution {
  /// The first definition of a new group, with field ids from 1.
  /// - Throws: ``HindcastError`` if the definition breaks the contract.
  public static func created(_ group: FeatureGroup) throws(HindcastError) -> FeatureGroup {
    var result = group
    result.nextFieldID = 1
    result.recordIdentifiers = []
    for field in group.recordIdentifiers { result.recordIdentifiers.append(result.numbered(field)) }
    result.features = []
    for field in group.features { result.features.append(result.numbered(field)) }
    try result.validate()
    return result
  }

  /// The definition that `current` becomes when it is to look like `wanted`; equal to `current` if
  /// there is nothing to do.
  ///
  /// Features are told by their names; ids in `wanted` are ignored.
  /// - Parameters:
  ///   - renamed: new names to old ones; those that were carried out already are passed over.
  ///   - dropping: names of features that go first, so that `wanted` may name new ones like them.
  /// - Throws: ``HindcastError`` that lists all that can't be changed, with the reasons.
  public static func evolved(
    _ current: FeatureGroup, to wanted: FeatureGroup, renamed: [String: String] = [:],
    dropping: Set<String> = []
  ) throws(HindcastError) -> FeatureGroup {
    var refusals = fixedPartRefusals(current, wanted)
    for name in dropping.sorted() where current.feature(named: name) == nil {
      refusals.append("there is no feature '\(name)' that could be dropped")
    }
    var result = current
    result.recordIdentifiers = current.recordIdentifiers.map { field in
      guard let match = wanted.recordIdentifiers.first(where: { $0.name == field.name }) else {
        return field
      }
      return described(field, as: match)
    }
    let kept = current.features.filter { !dropping.contains($0.name) }
    let renames = FeatureRenames(renamed, of: kept)
    refusals += renames.refusals
    result.features = kept.map { field in
      guard let name = renames.pending[field.name] else { return field }
      var field = field
      field.formerNames.append(field.name)
      field.name = name
      return field
    }
    refusals += evolve(&result, as: wanted.features)
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

  /// Makes the features of a group look like `wanted`, and says what can't be.
  private static func evolve(_ group: inout FeatureGroup, as wanted: [Field]) -> [String] {
    var refusals: [String] = []
    for field in wanted {
      guard let index = group.features.firstIndex(where: { $0.name == field.name }) else {
        group.features.append(group.numbered(field))
        continue
      }
      let old = group.features[index]
      group.features[index] = described(old, as: field)
      guard old.type.widens(to: field.type) else {
        refusals.append(
          "feature '\(field.name)' is \(old.type) and can't become \(field.type): "
            + lossReason(old.type, field.type))
        continue
      }
      group.features[index].type = field.type
      let value = old.defaultValue?.widened(to: field.type)
      group.features[index].defaultValue = value
      if value != field.defaultValue {
        refusals.append(
          "the default of feature '\(field.name)' can't change: rows that are stored would answer "
            + "something else")
      }
    }
    for field in group.features where !wanted.contains(where: { $0.name == field.name }) {
      refusals.append("feature '\(field.name)' is not named, and is dropped only on request")
    }
    return refusals
  }

  /// Why a type can't become another, and what to do.
  private static func lossReason(_ old: DataType, _ new: DataType) -> String {
    let reason =
      switch (old, new) {
      case _ where new.widens(to: old): "values that are stored might not fit"
      case (_, .float32) where old.isInteger, (_, .float64) where old.isInteger:
        "floating point does not hold every integer"
      case _ where old.isInteger && new.isInteger: "its range is not inside the other's"
      default: "only a type that holds every value as it is can follow"
      }
    return reason + "; add a feature of another name"
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

  /// `field` with another's description and tags.
  private static func described(_ field: Field, as other: Field) -> Field {
    var field = field
    field.description = other.description
    field.tags = other.tags
    return field
  }
}

extension FeatureGroup {
  /// A new field with the next unused id.
  fileprivate mutating func numbered(_ field: Field) -> Field {
    var field = field
    field.id = nextFieldID
    field.formerNames = []
    nextFieldID += 1
    return field
  }
}

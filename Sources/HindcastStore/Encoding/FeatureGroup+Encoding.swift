import HindcastCore

/// The tags of a group's definition.
private enum GroupTag {
  static let name: UInt16 = 1
  static let recordIdentifier: UInt16 = 2
  static let eventTime: UInt16 = 3
  static let eventTimeZone: UInt16 = 4
  static let timeUnit: UInt16 = 5
  static let createdTime: UInt16 = 6
  static let deletedFlag: UInt16 = 7
  static let feature: UInt16 = 8
  static let timeToLive: UInt16 = 9
  static let delay: UInt16 = 10
  static let isStrict: UInt16 = 11
  static let description: UInt16 = 12
  static let tag: UInt16 = 13
  static let owner: UInt16 = 14
  static let nextFieldID: UInt16 = 15
  static let known: ClosedRange<UInt16> = 1...15
}

/// The tags of a field.
private enum FieldTag {
  static let id: UInt16 = 1
  static let name: UInt16 = 2
  static let type: UInt16 = 3
  static let description: UInt16 = 4
  static let tag: UInt16 = 5
  static let defaultValue: UInt16 = 6
  static let formerName: UInt16 = 7
  static let known: ClosedRange<UInt16> = 1...7
}

extension FeatureGroup {
  func encode(to target: inout TaggedEncoder) {
    target.text(GroupTag.name, name)
    for field in recordIdentifiers {
      target.nested(GroupTag.recordIdentifier) { field.encode(to: &$0) }
    }
    target.text(GroupTag.eventTime, eventTime)
    if let eventTimeZone { target.text(GroupTag.eventTimeZone, eventTimeZone) }
    target.integer(GroupTag.timeUnit, timeUnit.rawValue)
    if let createdTime { target.text(GroupTag.createdTime, createdTime) }
    if let deletedFlag { target.text(GroupTag.deletedFlag, deletedFlag) }
    for field in features { target.nested(GroupTag.feature) { field.encode(to: &$0) } }
    if let timeToLive { target.integer(GroupTag.timeToLive, timeToLive.nanoseconds) }
    target.integer(GroupTag.delay, delay.nanoseconds)
    target.flag(GroupTag.isStrict, isStrict)
    target.text(GroupTag.description, description)
    encodeTags(tags, GroupTag.tag, to: &target)
    target.text(GroupTag.owner, owner)
    target.integer(GroupTag.nextFieldID, nextFieldID)
  }

  /// - Throws: `corrupt` if the fields are no group that the contract allows.
  init(_ source: TaggedFields) throws(HindcastError) {
    try source.checkUnderstood(GroupTag.known)
    guard let unit = TimeUnit(rawValue: try source.count(GroupTag.timeUnit)) else {
      throw source.damaged(GroupTag.timeUnit)
    }
    var identifiers: [Field] = []
    for field in try source.allNested(GroupTag.recordIdentifier) {
      identifiers.append(try Field(field))
    }
    var features: [Field] = []
    for field in try source.allNested(GroupTag.feature) { features.append(try Field(field)) }
    let timeToLive = try source.optionalInteger(GroupTag.timeToLive, as: Int128.self)
    self.init(
      name: try source.text(GroupTag.name), recordIdentifiers: identifiers,
      eventTime: try source.text(GroupTag.eventTime),
      eventTimeZone: try source.optionalText(GroupTag.eventTimeZone), timeUnit: unit,
      createdTime: try source.optionalText(GroupTag.createdTime),
      deletedFlag: try source.optionalText(GroupTag.deletedFlag), features: features,
      timeToLive: timeToLive.map { TimeSpan(nanoseconds: $0) },
      delay: TimeSpan(nanoseconds: try source.integer(GroupTag.delay, as: Int128.self)),
      isStrict: try source.flag(GroupTag.isStrict),
      description: try source.text(GroupTag.description),
      tags: try decodeTags(source, GroupTag.tag), owner: try source.text(GroupTag.owner),
      nextFieldID: try source.integer(GroupTag.nextFieldID))
    do {
      try validate()
    } catch {
      throw HindcastError(
        .corrupt, "the definition of group '\(name)' can't be: \(error.message)",
        at: source.damaged(GroupTag.name).location, cause: error)
    }
  }
}

extension Field {
  fileprivate func encode(to target: inout TaggedEncoder) {
    target.integer(FieldTag.id, id)
    target.text(FieldTag.name, name)
    target.text(FieldTag.type, type.description)
    target.text(FieldTag.description, description)
    encodeTags(tags, FieldTag.tag, to: &target)
    if let defaultValue {
      // Who does not know of defaults would answer null.
      target.nested(FieldTag.defaultValue, mustUnderstand: true) { defaultValue.encode(to: &$0) }
    }
    for name in formerNames { target.text(FieldTag.formerName, name) }
  }

  fileprivate init(_ source: TaggedFields) throws(HindcastError) {
    try source.checkUnderstood(FieldTag.known)
    guard let type = DataType(try source.text(FieldTag.type)) else {
      throw source.damaged(FieldTag.type)
    }
    var defaultValue: Value?
    if let nested = try source.allNested(FieldTag.defaultValue).first {
      defaultValue = try Value(nested, as: type)
    }
    self.init(
      id: try source.integer(FieldTag.id), name: try source.text(FieldTag.name), type: type,
      description: try source.text(FieldTag.description),
      tags: try decodeTags(source, FieldTag.tag), defaultValue: defaultValue,
      formerNames: try source.allTexts(FieldTag.formerName))
  }
}

/// Free labels, sorted by key, so that equal definitions have equal bytes.
private func encodeTags(_ tags: [String: String], _ tag: UInt16, to target: inout TaggedEncoder) {
  for (key, value) in tags.sorted(by: { $0.key < $1.key }) {
    target.nested(tag) {
      $0.text(1, key)
      $0.text(2, value)
    }
  }
}

private func decodeTags(
  _ source: TaggedFields, _ tag: UInt16
) throws(HindcastError) -> [String: String] {
  var tags: [String: String] = [:]
  for pair in try source.allNested(tag) { tags[try pair.text(1)] = try pair.text(2) }
  return tags
}

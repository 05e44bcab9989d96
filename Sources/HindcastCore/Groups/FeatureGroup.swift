/// What a feature group is: its columns and how its history is read (rule D1).
public struct FeatureGroup: Hashable, Sendable {
  /// The name, `[A-Za-z][A-Za-z0-9_]*` without `__`.
  public var name: String
  /// The columns that name a record, in key order; at least one.
  public var recordIdentifiers: [Field]
  /// The column that says when a row's values became true.
  public var eventTime: String
  /// The zone name of the event-time column, kept for output.
  public var eventTimeZone: String?
  /// The unit in which event and created times are kept.
  public var timeUnit: TimeUnit
  /// The column that says when a row became known, if there is one.
  public var createdTime: String?
  /// The column that marks tombstones, if there is one.
  public var deletedFlag: String?
  /// The features, in the order in which they are shown.
  public var features: [Field]
  /// How old a version may be at a label's time; nil is no limit.
  public var timeToLive: TimeSpan?
  /// How long after its event time a version can first be used.
  public var delay: TimeSpan
  /// Whether `event time + delay` must lie before the label's time, not at it.
  public var isStrict: Bool
  /// What the group means, for people.
  public var description: String
  /// Free labels.
  public var tags: [String: String]
  /// Who answers for the group.
  public var owner: String
  /// The next unused field id.
  public var nextFieldID: UInt32

  /// Creates a group.
  ///
  /// ``validate()`` says whether it obeys the contract.
  public init(
    name: String, recordIdentifiers: [Field], eventTime: String, eventTimeZone: String? = "UTC",
    timeUnit: TimeUnit = .microsecond, createdTime: String? = nil, deletedFlag: String? = nil,
    features: [Field], timeToLive: TimeSpan? = nil, delay: TimeSpan = .zero,
    isStrict: Bool = false, description: String = "", tags: [String: String] = [:],
    owner: String = "", nextFieldID: UInt32? = nil
  ) {
    self.name = name
    self.recordIdentifiers = recordIdentifiers
    self.eventTime = eventTime
    self.eventTimeZone = eventTimeZone
    self.timeUnit = timeUnit
    self.createdTime = createdTime
    self.deletedFlag = deletedFlag
    self.features = features
    self.timeToLive = timeToLive
    self.delay = delay
    self.isStrict = isStrict
    self.description = description
    self.tags = tags
    self.owner = owner
    self.nextFieldID =
      nextFieldID ?? ((recordIdentifiers + features).map(\.id).max() ?? 0) + 1
  }

  /// The feature of the given name.
  public func feature(named name: String) -> Field? {
    features.first { $0.name == name }
  }
}

extension FeatureGroup {
  /// Checks the rules D1 and D2.
  /// - Throws: ``HindcastError`` that names the offending column and the rule.
  public func validate() throws(HindcastError) {
    try Self.checkName(name, of: "group")
    try checkColumnNames()
    guard !recordIdentifiers.isEmpty else {
      throw HindcastError(.invalidArgument, "group \(name) needs at least one record identifier")
    }
    for field in recordIdentifiers where !field.type.isIdentifier {
      throw HindcastError(
        .typeMismatch,
        "record identifier \(field.name) is \(field.type); \(Self.identifierAdvice(field.type))",
        at: .init(column: field.name))
    }
    for field in recordIdentifiers where field.defaultValue != nil {
      throw HindcastError(
        .invalidArgument, "record identifier \(field.name) takes no default: every row has it",
        at: .init(column: field.name))
    }
    for field in features {
      try checkFeatureType(field)
      try checkDefault(field)
    }
    guard delay >= .zero else {
      throw HindcastError(.invalidArgument, "delay \(delay) is negative")
    }
    if let timeToLive, timeToLive < .zero {
      throw HindcastError(.invalidArgument, "time to live \(timeToLive) is negative")
    }
  }

  /// Why a type can't identify records, and what to do.
  public static func identifierAdvice(_ type: DataType) -> String {
    switch type {
    case .float32, .float64:
      "floating point never identifies a record (pandas turns integers with nulls into float64): "
        + "store it as an integer, e.g. astype(\"Int64\")"
    default: "use an integer, utf8, binary, bool, date or timestamp"
    }
  }

  /// Checks a name against `[A-Za-z][A-Za-z0-9_]*`; groups and aliases also have no `__`.
  public static func checkName(
    _ name: String, of kind: String, allowsDoubleUnderscore: Bool = false
  ) throws(HindcastError) {
    let scalars = name.unicodeScalars
    let isLetter = { (c: Unicode.Scalar) in ("a"..."z").contains(c) || ("A"..."Z").contains(c) }
    let isValid =
      scalars.first.map(isLetter) == true
      && scalars.allSatisfy { isLetter($0) || ("0"..."9").contains($0) || $0 == "_" }
    guard isValid else {
      throw HindcastError(
        .invalidArgument,
        "\(kind) name '\(name)' must be a letter, then letters, digits and underscores")
    }
    guard allowsDoubleUnderscore || !name.contains("__") else {
      throw HindcastError(
        .invalidArgument,
        "\(kind) name '\(name)' must not hold '__', which separates alias and feature in outputs")
    }
  }

  private func checkColumnNames() throws(HindcastError) {
    var seen: Set<String> = []
    let names =
      recordIdentifiers.map(\.name) + [eventTime] + [createdTime, deletedFlag].compactMap { $0 }
      + features.map(\.name)
    for column in names {
      try Self.checkName(column, of: "column", allowsDoubleUnderscore: true)
      guard seen.insert(column).inserted else {
        throw HindcastError(.duplicateName, "group \(name) has two columns named '\(column)'")
      }
    }
  }

  private func checkFeatureType(_ field: Field) throws(HindcastError) {
    if let element = field.type.element, !element.isScalar {
      throw HindcastError(
        .typeMismatch, "feature \(field.name) is \(field.type): only scalars can be held in it",
        at: .init(column: field.name))
    }
    if case .vector(let dimension) = field.type, !(1...65_536).contains(dimension) {
      throw HindcastError(
        .limitExceeded, "feature \(field.name) has \(dimension) dimensions; the limit is 65536",
        at: .init(column: field.name))
    }
  }

  /// The most bytes of a default, which every reader of the definition holds.
  private static let defaultByteLimit = 1 << 20

  private func checkDefault(_ field: Field) throws(HindcastError) {
    guard let value = field.defaultValue else { return }
    guard value.isValue(of: field.type) else {
      throw HindcastError(
        .typeMismatch, "the default of feature \(field.name) is no value of type \(field.type)",
        at: .init(column: field.name))
    }
    guard value.byteCount <= Self.defaultByteLimit else {
      throw HindcastError(
        .limitExceeded, "the default of feature \(field.name) takes more than 1 MiB",
        at: .init(column: field.name))
    }
  }
}

public import HindcastCore
public import HindcastInterchange

/// What the columns of a file are for in a new group; all others become features.
public struct ColumnRoles: Hashable, Sendable {
  /// The record identifiers, in key order.
  public var recordIdentifiers: [String]
  /// The event time.
  public var eventTime: String
  /// The created time, if there is one.
  public var createdTime: String?
  /// The deleted flag, if there is one.
  public var deletedFlag: String?

  /// Creates roles.
  public init(
    recordIdentifiers: [String], eventTime: String, createdTime: String? = nil,
    deletedFlag: String? = nil
  ) {
    self.recordIdentifiers = recordIdentifiers
    self.eventTime = eventTime
    self.createdTime = createdTime
    self.deletedFlag = deletedFlag
  }
}

extension GroupDefinition {
  /// The definition of a group with the columns of a file.
  ///
  /// `types` override the file's, which text formats do not have.
  /// - Throws: ``HindcastError`` if a column is missing or has no type of the contract.
  public init(
    name: String, schemaOf file: String, format: FileFormat?, roles: ColumnRoles,
    types: [(column: String, type: String)]
  ) throws(HindcastError) {
    try InputFile.check(file)
    let schema = try TableReader.open(file, format: format).schema
    var overrides: [String: DataType] = [:]
    for (column, text) in types {
      _ = try schema.requireIndex(of: column, file: file)
      guard let type = DataType(text) else {
        throw HindcastError(
          .invalidArgument, "'\(text)' is no type; \(Self.typeAdvice)", at: .init(column: column))
      }
      overrides[column] = type
    }
    func field(_ column: String) throws(HindcastError) -> Field {
      let arrow = schema.fields[try schema.requireIndex(of: column, file: file)]
      guard let type = overrides[column] ?? arrow.type else {
        throw HindcastError(
          .typeMismatch,
          "type \(arrow.typeName) can't be stored; leave the column out or cast it",
          at: .init(file: file, column: column))
      }
      return Field(id: 0, name: column, type: type)
    }
    self.init(name: name)
    var identifiers: [Field] = []
    for column in roles.recordIdentifiers { identifiers.append(try field(column)) }
    recordIdentifiers = identifiers
    eventTime = roles.eventTime
    switch try field(roles.eventTime).type {
    case .float32, .float64:
      throw HindcastError(
        .typeMismatch,
        "the event time is floating point, which can't hold instants exactly: store a timestamp or "
          + "an integer", at: .init(file: file, column: roles.eventTime))
    default: break
    }
    if case .timestamp(let unit, let zone) = try field(roles.eventTime).type {
      timeUnit = unit
      timeZone = zone.map { .some($0) } ?? .unsaid
    }
    if let column = roles.createdTime {
      _ = try schema.requireIndex(of: column, file: file)
      createdTime = .some(column)
    }
    if let column = roles.deletedFlag {
      _ = try schema.requireIndex(of: column, file: file)
      deletedFlag = .some(column)
    }
    let taken = Set(
      roles.recordIdentifiers + [roles.eventTime]
        + [roles.createdTime, roles.deletedFlag].compactMap { $0 })
    var features: [Field] = []
    for column in schema.fields.map(\.name) where !taken.contains(column) {
      features.append(try field(column))
    }
    self.features = features
  }
}

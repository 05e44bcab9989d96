/// One column of a feature group.
public struct Field: Hashable, Sendable {
  /// The number that a field keeps for life, through renames; unique in its group, never used
  /// again.
  public var id: UInt32
  /// The name, `[A-Za-z][A-Za-z0-9_]*`.
  public var name: String
  /// The logical type.
  public var type: DataType
  /// What the field means, for people.
  public var description: String
  /// Free labels.
  public var tags: [String: String]
  /// What rows answer that were stored before a feature was added; nil is null.
  ///
  /// It never changes, and never takes the place of a null that is stored.
  public var defaultValue: Value?
  /// The names that a feature had before, the first one first.
  public var formerNames: [String]

  /// Creates a field.
  public init(
    id: UInt32, name: String, type: DataType, description: String = "",
    tags: [String: String] = [:], defaultValue: Value? = nil, formerNames: [String] = []
  ) {
    self.id = id
    self.name = name
    self.type = type
    self.description = description
    self.tags = tags
    self.defaultValue = defaultValue
    self.formerNames = formerNames
  }
}

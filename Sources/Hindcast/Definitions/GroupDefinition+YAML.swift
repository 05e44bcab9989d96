public import HindcastCore

extension GroupDefinition {
  private static let keys = [
    "name", "record_identifiers", "event_time", "time_zone", "time_unit", "created_time", "deleted",
    "features", "ttl", "delay", "strict", "description", "tags", "owner",
  ]

  /// The groups of a definition file.
  ///
  /// ```yaml
  /// groups:
  ///   - name: balances
  ///     record_identifiers: {customer_id: int64}
  ///     event_time: event_time
  ///     ttl: 30d
  ///     features:
  ///       utilisation: float64
  ///       limit: {type: "decimal128[12, 2]", description: the agreed limit}
  /// ```
  /// - Throws: ``HindcastError`` that names the file, the line and the attribute.
  public static func parse(
    yaml text: String, file: String
  ) throws(HindcastError) -> [GroupDefinition] {
    let root = try YAMLNode(parsing: text, file: file)
    guard let groups = try root.members(known: ["groups"])["groups"] else {
      throw root.refusal("has no 'groups'")
    }
    var definitions: [GroupDefinition] = []
    for node in try groups.elements() {
      let definition = try GroupDefinition(node)
      guard !definitions.contains(where: { $0.name == definition.name }) else {
        throw node.refusal("defines group \(definition.name) a second time")
      }
      definitions.append(definition)
    }
    return definitions
  }

  private init(_ node: YAMLNode) throws(HindcastError) {
    let members = try node.members(known: Self.keys)
    guard let name = members["name"] else { throw node.refusal("has no name") }
    self.init(name: try name.text())
    place = node.place
    if let node = members["record_identifiers"] {
      var renames: [String: String] = [:]
      recordIdentifiers = try Self.fields(node, renames: &renames)
      guard renames.isEmpty else { throw node.refusal("can't be renamed") }
    }
    if let node = members["features"] {
      var renames: [String: String] = [:]
      features = try Self.fields(node, renames: &renames)
      self.renames = renames
    }
    isComplete = true
    eventTime = try members["event_time"]?.text()
    timeUnit = try members["time_unit"].map(Self.unit)
    timeZone = try Self.setting(members["time_zone"]) { node throws(HindcastError) in
      try node.text()
    }
    createdTime = try Self.setting(members["created_time"]) { node throws(HindcastError) in
      try node.text()
    }
    deletedFlag = try Self.setting(members["deleted"]) { node throws(HindcastError) in
      try node.text()
    }
    timeToLive = try Self.setting(members["ttl"]) { node throws(HindcastError) in try node.span() }
    delay = try members["delay"]?.span()
    isStrict = try members["strict"]?.flag()
    description = try members["description"]?.text()
    tags = try members["tags"]?.texts()
    owner = try members["owner"]?.text()
  }

  private static func setting<Value>(
    _ node: YAMLNode?, _ parse: (YAMLNode) throws(HindcastError) -> Value
  ) throws(HindcastError) -> Setting<Value> {
    guard let node else { return .unsaid }
    return node.isNone ? .none : .some(try parse(node))
  }

  private static func unit(_ node: YAMLNode) throws(HindcastError) -> TimeUnit {
    guard let unit = TimeUnit(try node.text()) else {
      throw node.refusal("must be s, ms, us or ns")
    }
    return unit
  }

  private static let fieldKeys = ["type", "description", "tags", "default", "renamed_from"]

  /// Fields as a mapping `name: type` or `name: {type: ...}`, or a list of `{name: ..., type:
  /// ...}`.
  private static func fields(
    _ node: YAMLNode, renames: inout [String: String]
  ) throws(HindcastError) -> [Field] {
    var fields: [Field] = []
    if node.isList {
      for element in try node.elements() {
        let members = try element.members(known: ["name"] + fieldKeys)
        guard let name = members["name"] else { throw element.refusal("has no name") }
        fields.append(try field(named: try name.text(), element, members, &renames))
      }
    } else {
      for (name, value) in try node.members() {
        let members = value.isMapping ? try value.members(known: fieldKeys) : ["type": value]
        fields.append(try field(named: name, value, members, &renames))
      }
    }
    return fields
  }

  private static func field(
    named name: String, _ node: YAMLNode, _ members: [String: YAMLNode],
    _ renames: inout [String: String]
  ) throws(HindcastError) -> Field {
    guard let typeNode = members["type"] else { throw node.refusal("has no type") }
    let text = try typeNode.text()
    guard let type = DataType(text) else {
      throw typeNode.refusal("'\(text)' is no type; \(typeAdvice)")
    }
    if let old = members["renamed_from"] { renames[name] = try old.text() }
    var field = Field(
      id: 0, name: name, type: type, description: try members["description"]?.text() ?? "",
      tags: try members["tags"]?.texts() ?? [:])
    if let node = members["default"] { field.defaultValue = try value(node, of: field) }
    return field
  }

  /// A feature's default; null where it says that there is none.
  private static func value(_ node: YAMLNode, of field: Field) throws(HindcastError) -> Value {
    if node.isNone { return .null }
    var text: String
    if node.isList {
      var elements: [JSONValue] = []
      for element in try node.elements() {
        elements.append(element.isNone ? .null : .string(try element.text()))
      }
      text = JSONValue.array(elements).compact
    } else {
      text = try node.text()
    }
    do {
      return try Value(parsing: text, of: field)
    } catch {
      throw node.refusal(error.message)
    }
  }

  /// The types that there are, for messages.
  public static let typeAdvice =
    "types are bool, int8 to int64, uint8 to uint64, float32, float64, utf8, binary, date, "
    + "timestamp[us, UTC], decimal128[12, 2], list[int64], set[utf8], vector[128]"
}

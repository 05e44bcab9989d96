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
    recordIdentifiers = try members["record_identifiers"].map(Self.fields)
    features = try members["features"].map(Self.fields)
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

  /// Fields as a mapping `name: type` or `name: {type: ...}`, or a list of `{name: ..., type:
  /// ...}`.
  private static func fields(_ node: YAMLNode) throws(HindcastError) -> [Field] {
    var fields: [Field] = []
    if node.isList {
      for element in try node.elements() {
        let members = try element.members(known: ["name", "type", "description", "tags"])
        guard let name = members["name"] else { throw element.refusal("has no name") }
        fields.append(try field(named: try name.text(), element, members))
      }
    } else {
      for (name, value) in try node.members() {
        let members =
          value.isMapping
          ? try value.members(known: ["type", "description", "tags"]) : ["type": value]
        fields.append(try field(named: name, value, members))
      }
    }
    return fields
  }

  private static func field(
    named name: String, _ node: YAMLNode, _ members: [String: YAMLNode]
  ) throws(HindcastError) -> Field {
    guard let typeNode = members["type"] else { throw node.refusal("has no type") }
    let text = try typeNode.text()
    guard let type = DataType(text) else {
      throw typeNode.refusal("'\(text)' is no type; \(typeAdvice)")
    }
    return Field(
      id: 0, name: name, type: type, description: try members["description"]?.text() ?? "",
      tags: try members["tags"]?.texts() ?? [:])
  }

  /// The types that there are, for messages.
  public static let typeAdvice =
    "types are bool, int8 to int64, uint8 to uint64, float32, float64, utf8, binary, date, "
    + "timestamp[us, UTC], decimal128[12, 2], list[int64], set[utf8], vector[128]"
}

extension FeatureGroup {
  /// The group as a definition file that creates it, and that sets every setting back in one that
  /// went another way.
  public var yaml: String {
    var lines = ["groups:", "  - name: \(name)"]
    func add(_ key: String, _ value: String?) {
      if let value { lines.append("    \(key): \(value)") }
    }
    add("description", YAMLText.quoted(description))
    add("owner", YAMLText.quoted(owner))
    if !tags.isEmpty { add("tags", YAMLText.mapping(tags)) }
    lines.append("    record_identifiers:")
    lines += recordIdentifiers.map(YAMLText.line)
    add("event_time", YAMLText.quoted(eventTime))
    add("time_unit", timeUnit.description)
    add("time_zone", eventTimeZone.map(YAMLText.quoted) ?? "none")
    add("created_time", createdTime.map(YAMLText.quoted) ?? "none")
    add("deleted", deletedFlag.map(YAMLText.quoted) ?? "none")
    add("ttl", timeToLive?.description ?? "none")
    add("delay", delay.description)
    add("strict", "\(isStrict)")
    lines.append(features.isEmpty ? "    features: {}" : "    features:")
    lines += features.map(YAMLText.line)
    return lines.joined(separator: "\n") + "\n"
  }
}

/// Texts on their way into a YAML file.
///
/// JSON's texts are YAML's double-quoted ones.
private enum YAMLText {
  static func quoted(_ text: String) -> String { JSONValue.string(text).compact }

  static func mapping(_ texts: [String: String]) -> String {
    let members = texts.sorted { $0.key < $1.key }.map { "\(quoted($0.key)): \(quoted($0.value))" }
    return "{\(members.joined(separator: ", "))}"
  }

  static func line(_ field: Field) -> String {
    var parts = ["type: \(quoted(field.type.description))"]
    if !field.description.isEmpty { parts.append("description: \(quoted(field.description))") }
    if !field.tags.isEmpty { parts.append("tags: \(mapping(field.tags))") }
    return "      \(field.name): {\(parts.joined(separator: ", "))}"
  }
}

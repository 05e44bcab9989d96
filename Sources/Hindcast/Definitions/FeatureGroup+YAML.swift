public import HindcastCore

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
enum YAMLText {
  static func quoted(_ text: String) -> String { JSONValue.string(text).compact }

  static func mapping(_ texts: [String: String]) -> String {
    let members = texts.sorted { $0.key < $1.key }.map { "\(quoted($0.key)): \(quoted($0.value))" }
    return "{\(members.joined(separator: ", "))}"
  }

  static func line(_ field: Field) -> String {
    var parts = ["type: \(quoted(field.type.description))"]
    if !field.description.isEmpty { parts.append("description: \(quoted(field.description))") }
    if !field.tags.isEmpty { parts.append("tags: \(mapping(field.tags))") }
    if let text = defaultText(of: field) { parts.append("default: \(text)") }
    return "      \(field.name): {\(parts.joined(separator: ", "))}"
  }

  /// A feature's default as a definition file gives it; nil if it has none.
  static func defaultText(of field: Field) -> String? {
    guard let value = field.defaultValue else { return nil }
    guard case .list(let elements) = value, let type = field.type.element else {
      return quoted(scalar(value, field.type))
    }
    let texts = elements.map { $0 == .null ? "null" : quoted(scalar($0, type)) }
    return "[\(texts.joined(separator: ", "))]"
  }

  /// Floating point as it is written in text, infinities too, which JSON has no form for.
  private static func scalar(_ value: Value, _ type: DataType) -> String {
    switch value {
    case .float32(let bits): Float(bitPattern: bits).description
    case .float64(let bits): Double(bitPattern: bits).description
    case .bool(let bit): bit.description
    default: value.text(as: type)
    }
  }
}

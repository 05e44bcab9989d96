import HindcastCore

/// A feature group's definition on its way into YAML.
struct GroupText: Sendable {
  var name: String
  var description: String
  var recordIdentifiers: [DatasetField]
  var eventTime: String
  var createdTime: String?
  var deleted: String?
  var timeToLive: String?
  var hasNoZone = false
  var features: [DatasetField]

  /// The text that `hindcast apply` reads.
  static func yaml(_ groups: [GroupText]) -> String {
    "groups:\n" + groups.map(\.text).joined(separator: "\n")
  }

  private var text: String {
    var lines = ["  - name: \(name)", "    description: \"\(description)\""]
    lines.append("    record_identifiers:")
    lines += recordIdentifiers.map(Self.line)
    lines.append("    event_time: \(eventTime)")
    lines.append("    time_unit: us")
    if hasNoZone { lines.append("    time_zone: none") }
    if let createdTime { lines.append("    created_time: \(createdTime)") }
    if let deleted { lines.append("    deleted: \(deleted)") }
    if let timeToLive { lines.append("    ttl: \(timeToLive)") }
    lines.append("    features:")
    lines += features.map(Self.line)
    return lines.joined(separator: "\n") + "\n"
  }

  private static func line(_ field: DatasetField) -> String {
    "      \(field.name): \(field.type)"
  }
}

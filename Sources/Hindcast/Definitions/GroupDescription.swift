public import HindcastCore

/// One feature group as `group show` tells it.
public struct GroupDescription: Report {
  /// The group.
  public let group: FeatureGroup

  /// Creates a description.
  public init(_ group: FeatureGroup) {
    self.group = group
  }

  /// The settings, then the columns.
  public var text: String {
    var pairs = [("group", group.name)]
    func add(_ name: String, _ value: String?) {
      if let value, !value.isEmpty { pairs.append((name, value)) }
    }
    add("description", group.description)
    add("owner", group.owner)
    add(
      "tags",
      group.tags.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }.joined(separator: " "))
    add("event time", "\(group.eventTime), in \(group.timeUnit)")
    add("created time", group.createdTime)
    add("deleted flag", group.deletedFlag)
    add("time to live", group.timeToLive?.description ?? "none")
    add("delay", group.delay.description)
    add(
      "match", group.isStrict ? "strictly before the label's time" : "at or before the label's time"
    )
    // Few groups have defaults: the column is there where it says something.
    let hasDefaults = group.features.contains { $0.defaultValue != nil }
    var table = TextTable(
      [("column", .left), ("type", .left), ("role", .left)]
        + (hasDefaults ? [("default in older rows", .left)] : []) + [("description", .left)])
    func add(_ field: Field, as role: String) {
      let value = hasDefaults ? [YAMLText.defaultText(of: field) ?? ""] : []
      table.append([field.name, "\(field.type)", role] + value + [field.description])
    }
    for field in group.recordIdentifiers { add(field, as: "record identifier") }
    for field in group.features { add(field, as: "feature") }
    return TextTable.pairs(pairs) + "\n" + table.text
  }

  /// The whole definition.
  public var json: JSONValue {
    [
      "name": .string(group.name), "description": .string(group.description),
      "owner": .string(group.owner), "tags": Self.json(group.tags),
      "record_identifiers": .array(group.recordIdentifiers.map(Self.json)),
      "event_time": .string(group.eventTime), "time_unit": .string(group.timeUnit.description),
      "time_zone": .optional(group.eventTimeZone), "created_time": .optional(group.createdTime),
      "deleted": .optional(group.deletedFlag), "ttl": .optional(group.timeToLive?.description),
      "delay": .string(group.delay.description), "strict": .bool(group.isStrict),
      "features": .array(group.features.map(Self.json)),
    ]
  }

  private static func json(_ field: Field) -> JSONValue {
    [
      "name": .string(field.name), "type": .string(field.type.description),
      "description": .string(field.description), "tags": json(field.tags),
      "default": field.defaultValue.map { JSONValue($0, as: field.type) } ?? .null,
      "former_names": .array(field.formerNames.map { .string($0) }),
    ]
  }

  private static func json(_ tags: [String: String]) -> JSONValue {
    .object(tags.sorted { $0.key < $1.key }.map { JSONValue.Member($0.key, .string($0.value)) })
  }
}

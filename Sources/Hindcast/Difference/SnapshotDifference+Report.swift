import HindcastCore
import HindcastJoin

extension SnapshotDifference: Report {
  /// A line a group, then what changed in each, then the labels.
  public var text: String {
    let title = "Snapshot \(old) -> \(new)"
    let rest = labels.map { "\n\($0.text)" } ?? ""
    guard !groups.isEmpty else { return "\(title): no group differs.\n\(rest)" }
    var table = TextTable([
      ("group", .left), ("definition", .left), ("records changed", .right),
      ("versions added", .right), ("versions removed", .right),
    ])
    for group in groups {
      let history = group.history
      table.append([
        group.name, group.fate, Quantities.count(history.recordCount),
        Quantities.count(history.addedCount), Quantities.count(history.removedCount),
      ])
    }
    return "\(title)\n\n\(table.text)\(groups.map(Self.details).joined())\(rest)"
  }

  private static func details(_ group: Group) -> String {
    let changes = group.changes.map { "  \($0.text)\n" }
    let records = group.history.first.map { record in
      let parts = [("added", record.added), ("removed", record.removed)].filter { $0.1 > 0 }
      let counts = parts.map { "\(Quantities.count($0.1)) \($0.0)" }.joined(separator: ", ")
      return "  \(identifier(record, group)): \(counts)\n"
    }
    let rest = group.history.recordCount - group.history.first.count
    let more = rest > 0 ? "  and \(Quantities.count(rest, "more record"))\n" : ""
    guard !changes.isEmpty || !records.isEmpty else { return "" }
    return "\n\(group.name)\n" + changes.joined() + records.joined() + more
  }

  private static func identifier(_ record: HistoryDifference.Record, _ group: Group) -> String {
    let fields = (group.new ?? group.old)?.recordIdentifiers ?? []
    return zip(fields, record.identifier).map { "\($0.name) \($1.text(as: $0.type))" }
      .joined(separator: ", ")
  }

  /// The same with raw numbers.
  public var json: JSONValue {
    [
      "old_snapshot": .number(old), "new_snapshot": .number(new),
      "groups": .array(groups.map(Self.json)), "labels": labels?.json ?? .null,
    ]
  }

  private static func json(_ group: Group) -> JSONValue {
    let fields = (group.new ?? group.old)?.recordIdentifiers ?? []
    let history = group.history
    return [
      "group": .string(group.name), "definition": .string(group.fate),
      "changes": .array(group.changes.map(\.json)),
      "changed_records": .number(history.recordCount),
      "added_versions": .number(history.addedCount),
      "removed_versions": .number(history.removedCount),
      "first_records": .array(
        history.first.map { record in
          let members = zip(fields, record.identifier).map { field, value in
            JSONValue.Member(field.name, JSONValue(value, as: field.type))
          }
          return [
            "record": .object(members), "added_versions": .number(record.added),
            "removed_versions": .number(record.removed),
          ]
        }),
    ]
  }
}

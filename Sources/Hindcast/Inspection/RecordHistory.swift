public import HindcastCore
import HindcastJoin
public import HindcastStore

/// The commits of a segment: `7`, or `3-7` of one that was made of several.
func commitText(_ commits: ClosedRange<UInt64>) -> String {
  commits.count == 1 ? "\(commits.lowerBound)" : "\(commits.lowerBound)-\(commits.upperBound)"
}

/// Every version of one record, in the order that decides between them (O1).
public struct RecordHistory: Report {
  private let group: FeatureGroup
  private let record: [Value]
  private let versions: [Version]
  /// Before when history was given up; nil for never.
  private let horizon: String?

  private struct Version {
    let commits: ClosedRange<UInt64>
    let scanned: ScannedVersion
  }

  /// Reads the versions of a record through the record-id index.
  /// - Throws: ``HindcastError`` if `record` is not of the group's types or a segment is damaged.
  public init(of record: [Value], in snapshot: GroupSnapshot) throws(HindcastError) {
    group = snapshot.definition
    self.record = record
    horizon = snapshot.horizon.map {
      Instant(ticks: $0, unit: snapshot.definition.timeUnit).iso8601
    }
    versions = try GroupHistory.versions(of: record, in: snapshot).map { entry in
      Version(
        commits: snapshot.segments[entry.segment].reference.commits, scanned: entry.version)
    }
  }

  /// A line a version.
  public var text: String {
    guard !versions.isEmpty else { return "No version of this record.\n" + note }
    var columns: [(String, TextTable.Alignment)] = [(group.eventTime, .left)]
    if let createdTime = group.createdTime { columns.append((createdTime, .left)) }
    columns += [("commit", .right), ("state", .left)]
    columns += group.features.map { ($0.name, Self.isNumber($0.type) ? .right : .left) }
    var table = TextTable(columns)
    for version in versions {
      var cells = [time(version.scanned.eventTime)]
      if group.createdTime != nil { cells.append(version.scanned.createdTime.map(time) ?? "null") }
      cells += [commitText(version.commits), version.scanned.isTombstone ? "deleted" : ""]
      cells += zip(version.scanned.features, group.features).map { value, field in
        version.scanned.isTombstone ? "" : Self.cell(value, field.type)
      }
      table.append(cells)
    }
    return table.text + note
  }

  private var note: String {
    guard let horizon else { return "" }
    return
      "note: history before \(horizon) was given up; what no label from then on can get is gone\n"
  }

  /// The record and its versions.
  public var json: JSONValue {
    let identifier = zip(group.recordIdentifiers, record).map { field, value in
      JSONValue.Member(field.name, JSONValue(value, as: field.type))
    }
    return [
      "group": .string(group.name), "record": .object(identifier),
      "versions": .array(versions.map(json)), "horizon": .optional(horizon),
    ]
  }

  private func json(_ version: Version) -> JSONValue {
    let features: JSONValue =
      version.scanned.isTombstone
      ? .null
      : .object(
        zip(group.features, version.scanned.features).map { field, value in
          JSONValue.Member(field.name, JSONValue(value, as: field.type))
        })
    var members = [JSONValue.Member("event_time", .string(time(version.scanned.eventTime)))]
    if group.createdTime != nil {
      members.append(.init("created_time", .optional(version.scanned.createdTime.map(time))))
    }
    members += [
      .init("commit", .number(version.commits.upperBound)),
      .init("first_commit", .number(version.commits.lowerBound)),
      .init("deleted", .bool(version.scanned.isTombstone)),
      .init("features", features),
    ]
    return .object(members)
  }

  /// Null, the empty text and empty binary look different; a text that reads `null` is quoted.
  private static func cell(_ value: Value, _ type: DataType) -> String {
    switch (value, type) {
    case (.null, _): "null"
    case (.bytes(let bytes), .utf8) where bytes.isEmpty || value == .text("null"):
      "\"\(value.text(as: type))\""
    case (.bytes(let bytes), .binary) where bytes.isEmpty: "b\"\""
    default: value.text(as: type)
    }
  }

  private static func isNumber(_ type: DataType) -> Bool {
    switch type {
    case .float32, .float64, .decimal128: true
    default: type.isInteger
    }
  }

  private func time(_ ticks: Int64) -> String {
    Instant(ticks: ticks, unit: group.timeUnit).iso8601
  }
}

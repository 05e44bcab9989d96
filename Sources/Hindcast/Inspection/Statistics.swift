public import HindcastCore
import HindcastFormat
public import HindcastStore

/// How much history a group has, from what its commits say: no segment is opened.
public struct GroupStatistics: Report {
  /// The group.
  public let group: FeatureGroup
  private let segments: [SegmentReference]
  /// Those that are rows of the log, and have no file.
  private let logged: Set<SegmentUID>
  /// The bytes of all segments and rows in logs that commits ever wrote.
  public let writtenByteCount: Int
  /// The bytes of all segments that some snapshot names, and of rows that are in the log alone.
  public let storedByteCount: Int
  /// Before when history was given up; nil for never.
  public let horizon: String?

  /// The bytes of the log files, which hold rows of all groups; nil if they are told elsewhere.
  public let logByteCount: Int?

  /// Creates the statistics of a group.
  /// - Parameter logByteCount: of all log files.
  public init(_ snapshot: GroupSnapshot, logByteCount: Int? = nil) {
    self.logByteCount = logByteCount
    group = snapshot.definition
    segments = snapshot.segments.map(\.reference)
    logged = Set(snapshot.segments.filter(\.isInMemory).map(\.reference.uid))
    writtenByteCount = snapshot.writtenByteCount
    storedByteCount = snapshot.storedByteCount
    horizon = snapshot.horizon.map {
      Instant(ticks: $0, unit: snapshot.definition.timeUnit).iso8601
    }
  }

  /// The number of versions.
  public var rowCount: Int { segments.reduce(0) { $0 + $1.rowCount } }
  /// The size of all segments.
  public var byteCount: Int { segments.reduce(0) { $0 + $1.byteCount } }
  /// The number of records, those of several segments counted in each.
  public var runCount: Int { segments.reduce(0) { $0 + $1.runCount } }
  /// The number of segments.
  public var segmentCount: Int { segments.count }
  /// How many bytes were written for each that is live; nil without rows.
  public var writeAmplification: Double? { ratio(writtenByteCount) }
  /// How many bytes are on the disk for each that is live; nil without rows.
  public var spaceAmplification: Double? { ratio(storedByteCount) }

  private func ratio(_ bytes: Int) -> Double? {
    byteCount == 0 ? nil : Double(bytes) / Double(byteCount)
  }

  private func amplification(_ bytes: Int, _ ratio: Double?) -> String {
    Quantities.bytes(bytes)
      + (ratio.map { ", \(Quantities.fixed($0, digits: 2)) x the size" } ?? "")
  }

  private var tombstoneCount: Int { segments.reduce(0) { $0 + $1.tombstoneCount } }

  private func time(_ ticks: Int64?) -> String? {
    ticks.map { Instant(ticks: $0, unit: group.timeUnit).iso8601 }
  }
  /// The earliest event time; nil without rows.
  public var firstEventTime: String? { time(segments.map(\.minEventTime).min()) }
  /// The latest event time; nil without rows.
  public var lastEventTime: String? { time(segments.map(\.maxEventTime).max()) }

  /// Totals, then segments, then features.
  public var text: String {
    let bytesPerRow = rowCount == 0 ? 0 : Double(byteCount) / Double(rowCount)
    var pairs = [
      ("group", group.name), ("rows", Quantities.count(rowCount)),
      ("records", Quantities.count(runCount) + (segmentCount > 1 ? " (summed over segments)" : "")),
      ("tombstones", Quantities.count(tombstoneCount)),
      ("first event time", firstEventTime ?? "-"), ("last event time", lastEventTime ?? "-"),
      (
        "size",
        "\(Quantities.bytes(byteCount)), \(Quantities.fixed(bytesPerRow, digits: 1)) bytes a row"
      ),
      ("on disk, all snapshots", amplification(storedByteCount, spaceAmplification)),
      ("written so far", amplification(writtenByteCount, writeAmplification)),
    ]
    if let logByteCount, logByteCount > 0 {
      pairs.append(("log, of all groups", Quantities.bytes(logByteCount)))
    }
    if let horizon { pairs.append(("history given up before", horizon)) }
    let totals = TextTable.pairs(pairs)
    guard rowCount > 0 else { return totals }
    return totals + "\n" + segmentTable + "\n" + featureTable
  }

  private var segmentTable: String {
    var table = TextTable([
      ("segment", .left), ("commit", .right), ("rows", .right), ("records", .right),
      ("size", .right), ("first event time", .left), ("last event time", .left),
    ])
    for segment in segments {
      table.append([
        logged.contains(segment.uid) ? "(log)" : "\(segment.uid)", commitText(segment.commits),
        Quantities.count(segment.rowCount),
        Quantities.count(segment.runCount), Quantities.bytes(segment.byteCount),
        time(segment.minEventTime) ?? "", time(segment.maxEventTime) ?? "",
      ])
    }
    return table.text
  }

  private var featureTable: String {
    var table = TextTable([("feature", .left), ("type", .left), ("null", .right)])
    for field in group.features {
      table.append([
        field.name, "\(field.type)",
        Quantities.percent(Double(nullCount(field)) / Double(rowCount)),
      ])
    }
    return table.text
  }

  /// Rows without a value; in a segment that lacks the feature all have its default, if any.
  private func nullCount(_ field: Field) -> Int {
    segments.reduce(0) { total, segment in
      let column = segment.columns.first { $0.fieldID == field.id }
      return total + (column?.nullCount ?? (field.defaultValue == nil ? segment.rowCount : 0))
    }
  }

  /// Totals, segments and features.
  public var json: JSONValue {
    [
      "group": .string(group.name), "rows": .number(rowCount),
      "records_summed_over_segments": .number(runCount), "tombstones": .number(tombstoneCount),
      "bytes": .number(byteCount), "stored_bytes": .number(storedByteCount),
      "written_bytes": .number(writtenByteCount),
      "log_bytes": logByteCount.map { .number($0) } ?? .null,
      "space_amplification": spaceAmplification.map { .double($0) } ?? .null,
      "write_amplification": writeAmplification.map { .double($0) } ?? .null,
      "horizon": .optional(horizon), "first_event_time": .optional(firstEventTime),
      "last_event_time": .optional(lastEventTime),
      "segments": .array(
        segments.map { segment in
          [
            "segment": logged.contains(segment.uid) ? .null : "\(segment.uid)",
            "commit": .number(segment.commitNumber),
            "first_commit": .number(segment.commits.lowerBound),
            "rows": .number(segment.rowCount), "records": .number(segment.runCount),
            "bytes": .number(segment.byteCount), "tombstones": .number(segment.tombstoneCount),
            "first_event_time": .optional(time(segment.minEventTime)),
            "last_event_time": .optional(time(segment.maxEventTime)),
          ]
        }),
      "features": .array(
        group.features.map { field in
          [
            "feature": .string(field.name), "type": "\(field.type)",
            "nulls": .number(nullCount(field)),
          ]
        }),
    ]
  }
}

/// How much history all groups of a snapshot have.
public struct StoreStatistics: Report {
  private let snapshot: UInt64
  private let groups: [GroupStatistics]
  private let pending: [PendingErasure]
  private let logByteCount: Int

  /// Creates the statistics of a snapshot.
  /// - Parameters:
  ///   - pending: files with erased records that are still there.
  ///   - logByteCount: of all log files.
  public init(
    _ snapshot: Snapshot, pending: [PendingErasure], logByteCount: Int
  ) throws(HindcastError) {
    self.pending = pending
    self.logByteCount = logByteCount
    self.snapshot = snapshot.number
    var groups: [GroupStatistics] = []
    for group in snapshot.groups {
      groups.append(GroupStatistics(try snapshot.group(named: group.name)))
    }
    self.groups = groups
  }

  /// A line a group.
  public var text: String {
    guard !groups.isEmpty else { return "No groups yet: see 'hindcast apply --help'.\n" }
    var table = TextTable([
      ("group", .left), ("rows", .right), ("segments", .right), ("size", .right),
      ("first event time", .left), ("last event time", .left),
    ])
    for group in groups {
      table.append([
        group.group.name, Quantities.count(group.rowCount), "\(group.segmentCount)",
        Quantities.bytes(group.byteCount), group.firstEventTime ?? "-", group.lastEventTime ?? "-",
      ])
    }
    let log =
      logByteCount == 0
      ? ""
      : "The log has \(Quantities.bytes(logByteCount)), also of rows that are in segments by now: "
        + "it goes once the snapshots before are given up.\n"
    return table.text + log + pendingText(pending)
  }

  /// The statistics of every group.
  public var json: JSONValue {
    [
      "snapshot": .number(snapshot), "groups": .array(groups.map(\.json)),
      "log_bytes": .number(logByteCount),
      "pending_erasures": pendingJSON(pending),
    ]
  }
}

public import HindcastCore
public import HindcastInterchange
public import HindcastStore

/// Tombstones for records of a group (rule A4).
public struct Deletion: Sendable {
  let group: FeatureGroup
  /// From when the records are deleted; nil leaves it to the file's event-time column.
  public var eventTime: Instant?
  /// When the deletion became known; nil is now.
  public var createdTime: Instant?

  /// Creates a deletion in a group.
  public init(group: FeatureGroup) {
    self.group = group
  }

  /// Deletes the given records, a value a component each.
  /// - Throws: ``HindcastError`` if a time does not fit the group's unit, or the store can't be
  ///   written.
  public func run(_ records: [[Value]], on store: Store) throws -> DeletionReport {
    let plan = try plan(now: LocalFileSystem().now())
    var columns: [String: Column] = [:]
    for (index, field) in group.recordIdentifiers.enumerated() {
      columns[field.name] = try Column(type: field.type, values: records.map { $0[index] })
    }
    var problems = CellProblems()
    let versions = try BatchConverter(plan, options: CastOptions())
      .convert(columns, count: records.count, problems: &problems)
    if let error = problems.error { throw error }
    return try commit(plan, on: store) { append in
      if let versions { try append(versions) }
    }
  }

  /// Deletes the records whose identifiers are in a file.
  /// - Throws: ``HindcastError`` if the file has a bad row; the store is then as it was.
  public func run(
    identifiersIn file: String, format: FileFormat?, on store: Store
  ) throws -> DeletionReport {
    let plan = try plan(now: LocalFileSystem().now())
    var options = IngestOptions()
    options.format = format
    var reader = InputReader(plan, options: options, progress: SilentProgress())
    return try commit(plan, on: store) { append in
      try reader.read([file], append)
      try reader.checkAccepted()
    }
  }

  private func plan(now: Instant) throws(HindcastError) -> RowPlan {
    var time = RowPlan.Time.column(group.eventTime)
    if let eventTime { time = .constant(try ticks(eventTime, "--event-time")) }
    guard group.createdTime != nil else {
      guard createdTime == nil else {
        throw HindcastError(.invalidArgument, "group \(group.name) has no created time")
      }
      return RowPlan(deletingFrom: group, eventTime: time, createdTicks: nil)
    }
    let created: Int64 =
      if let createdTime {
        try ticks(createdTime, "--created-time")
      } else {
        Int64(clamping: now.floorTicks(group.timeUnit))
      }
    return RowPlan(deletingFrom: group, eventTime: time, createdTicks: created)
  }

  private func ticks(_ instant: Instant, _ option: String) throws(HindcastError) -> Int64 {
    guard let ticks = instant.ticks(exactly: group.timeUnit) else {
      throw HindcastError(
        .invalidValue,
        "\(option) \(instant.iso8601) does not fit group \(group.name), whose times are in "
          + "\(group.timeUnit)"
      )
    }
    return ticks
  }

  private func commit(
    _ plan: RowPlan, on store: Store,
    _ fill: ((VersionBatch) throws -> Void) throws -> Void
  ) throws -> DeletionReport {
    try store.withWriter { writer in
      let appender = try writer.append(to: group.name, options: AppendOptions(note: "delete"))
      var rowCount = 0
      var effect = DeletionEffect(try store.snapshot().group(named: group.name))
      try fill { versions in
        rowCount += versions.count
        try effect.add(versions)
        try appender.append(versions)
      }
      let result = rowCount == 0 ? nil : try appender.commit()
      return DeletionReport(
        plan, commit: result?.commitNumber, rowCount: rowCount, effect: effect)
    }
  }
}

/// What a deletion wrote.
public struct DeletionReport: Report {
  private let group: String
  private let commit: UInt64?
  private let rowCount: Int
  private let eventTime: String?
  private let createdTime: String?
  private let effect: DeletionEffect

  init(_ plan: RowPlan, commit: UInt64?, rowCount: Int, effect: DeletionEffect) {
    self.effect = effect
    func text(_ time: RowPlan.Time?) -> String? {
      guard case .constant(let ticks)? = time else { return nil }
      return Instant(ticks: ticks, unit: plan.group.timeUnit).iso8601
    }
    group = plan.group.name
    self.commit = commit
    self.rowCount = rowCount
    eventTime = text(plan.eventTime)
    createdTime = text(plan.createdTime)
  }

  /// One line, with the times that were written.
  public var text: String {
    guard let commit else { return "No records named; nothing was committed.\n" }
    let from = eventTime.map { " from \($0) on" } ?? ""
    let known = createdTime.map { ", known since \($0)" } ?? ""
    return "\(Quantities.count(rowCount, "tombstone")) into \(group)\(from)\(known), "
      + "in commit \(commit).\n" + effect.notes
  }

  /// The same.
  public var json: JSONValue {
    [
      "group": .string(group), "commit": commit.map { .number($0) } ?? .null,
      "tombstones": .number(rowCount), "event_time": .optional(eventTime),
      "created_time": .optional(createdTime),
      "records_there_again_later": .number(effect.revivedRecordCount),
      "later_versions": .number(effect.laterVersionCount),
      "records_without_version": .number(effect.absentRecordCount),
      "all_records_looked_up": .bool(effect.isComplete),
    ]
  }
}

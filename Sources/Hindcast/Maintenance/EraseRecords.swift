public import HindcastCore
public import HindcastInterchange
public import HindcastStore

extension Deletion {
  /// Removes the whole history of records, a value a component each, from every snapshot.
  /// - Throws: ``HindcastError`` if a value does not fit its type, or the store can't be written.
  public func erase(
    _ records: [[Value]], on store: Store, options: CompactionOptions,
    progress: any ProgressSink
  ) throws -> ErasureReport {
    var columns: [String: Column] = [:]
    for (index, field) in group.recordIdentifiers.enumerated() {
      columns[field.name] = try Column(type: field.type, values: records.map { $0[index] })
    }
    var problems = CellProblems()
    let versions = try BatchConverter(identifiersOnly, options: CastOptions())
      .convert(columns, count: records.count, problems: &problems)
    if let error = problems.error { throw error }
    return try erase(versions.map { [$0] } ?? [], on: store, options, progress)
  }

  /// Removes the records whose identifiers are in a file.
  /// - Throws: ``HindcastError`` if the file has a bad row; the store is then as it was.
  public func erase(
    identifiersIn file: String, format: FileFormat?, on store: Store,
    options: CompactionOptions, progress: any ProgressSink
  ) throws -> ErasureReport {
    var reading = IngestOptions()
    reading.format = format
    var reader = InputReader(identifiersOnly, options: reading, progress: progress)
    var batches: [VersionBatch] = []
    try reader.read([file]) { batches.append($0) }
    try reader.checkAccepted()
    return try erase(batches, on: store, options, progress)
  }

  /// Reads identifiers alone: the times are no one's.
  private var identifiersOnly: RowPlan {
    RowPlan(
      deletingFrom: group, eventTime: .constant(0),
      createdTicks: group.createdTime == nil ? nil : 0)
  }

  private func erase(
    _ batches: [VersionBatch], on store: Store, _ options: CompactionOptions,
    _ progress: any ProgressSink
  ) throws(HindcastError) -> ErasureReport {
    guard let first = batches.first else { return ErasureReport(group: group.name) }
    let rows = VersionAccumulator(like: first)
    for batch in batches { rows.append(batch, rows: 0..<batch.count) }
    let keys = rows.finish().keys
    let result = try store.erase(
      keys, from: group.name, options: options,
      progress: { state throws(HindcastError) in
        try Interruption.check()
        state.show("rewriting", done: "rewrote", of: group.name, on: progress)
      })
    return ErasureReport(group: group.name, namedCount: keys.count, result: result)
  }
}

/// What an erasure did.
public struct ErasureReport: Report {
  /// The group.
  public let group: String
  /// The records that were named, repetitions too.
  public var namedCount = 0
  /// What was done.
  public var result = ErasureResult()

  /// What went, what is pending and why, and what is out of reach.
  public var text: String {
    guard let commit = result.commit else {
      return
        "No version of \(Quantities.count(namedCount, "record")) in \(group), in any snapshot of "
        + "it; nothing was erased.\n" + droppedText
    }
    let records = Quantities.count(result.recordCount, "record")
    let rows = Quantities.count(result.rowCount, "row")
    let segments = Quantities.count(result.segmentCount, "segment")
    let head =
      "\(records) with \(rows) erased from \(segments) of \(group), for every snapshot, "
      + "in commit \(commit).\n"
    let quarantine = result.removedQuarantine.map {
      "Removed from quarantine, since it may have held one of them: \($0)\n"
    }.joined()
    return head + quarantine + droppedText + pendingText(result.pending)
      + "Backups, rejects, training sets and manifests are not reached.\n"
  }

  /// Where a record may be that is not reached.
  private var droppedText: String {
    result.droppedBefore.map {
      "Not looked at: the group \(group) that commit \($0) dropped, which snapshots before have "
        + "until they are given up ('hindcast snapshots expire').\n"
    }.joined()
  }

  /// The counts, and what is pending.
  public var json: JSONValue {
    [
      "group": .string(group), "commit": result.commit.map { .number($0) } ?? .null,
      "named_records": .number(namedCount), "erased_records": .number(result.recordCount),
      "erased_rows": .number(result.rowCount),
      "rewritten_segments": .number(result.segmentCount),
      "removed_from_quarantine": .array(result.removedQuarantine.map { .string($0) }),
      "dropped_groups_not_reached": .array(result.droppedBefore.map { .number($0) }),
      "pending": pendingJSON(result.pending),
    ]
  }
}

/// The files with erased records that are still there, for a person.
func pendingText(_ pending: [PendingErasure]) -> String {
  var lines: [String] = []
  let segments = pending.filter { $0.logged == nil }
  if !segments.isEmpty {
    let snapshots = Set(segments.flatMap(\.pinned)).sorted().map { "\($0)" }
    let why =
      snapshots.isEmpty
      ? "the next writer removes what is left"
      : "readers hold snapshots \(snapshots.joined(separator: ", ")); the first writer after them "
        + "removes what is left"
    let files = Quantities.count(segments.count, "file")
    lines.append("PENDING: \(files) with erased records still there: \(why).\n")
  }
  for file in pending {
    guard let numbers = file.logged else { continue }
    let (first, last) = (numbers.lowerBound, numbers.upperBound)
    let snapshots = first == last ? "snapshot \(first)" : "snapshots \(first) to \(last)"
    lines.append(
      "PENDING: \(file.path) holds erased records, which no one reads any more, until "
        + "\(snapshots), and named ones with rows in it, are given up by 'snapshots expire' and "
        + "'snapshots untag'.\n")
  }
  return lines.joined()
}

/// The files with erased records that are still there, for a program.
func pendingJSON(_ pending: [PendingErasure]) -> JSONValue {
  .array(
    pending.map { file in
      [
        "file": .string(file.path), "commit": .number(file.commit),
        "pinned_snapshots": .array(file.pinned.map { .number($0) }),
        "first_logged_snapshot": file.logged.map { .number($0.lowerBound) } ?? .null,
        "last_logged_snapshot": file.logged.map { .number($0.upperBound) } ?? .null,
      ]
    })
}

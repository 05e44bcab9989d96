public import HindcastCore
public import HindcastStore

extension BackupReport: Report {
  /// What was copied.
  public var text: String {
    "Copied snapshot \(snapshot): \(Quantities.count(commitCount, "commit")), "
      + "\(Quantities.count(segmentCount, "segment")), \(Quantities.count(rowCount, "row")), "
      + "\(Quantities.bytes(byteCount)).\n"
      + (retentionCommit.map {
        "In the copy, commit \($0) names snapshots, and gives them up, as was done since.\n"
      } ?? "")
  }

  /// The same.
  public var json: JSONValue {
    [
      "snapshot": .number(snapshot), "commits": .number(commitCount),
      "segments": .number(segmentCount), "rows": .number(rowCount), "bytes": .number(byteCount),
      "retention_commit": retentionCommit.map { .number($0) } ?? .null,
    ]
  }
}

/// Copies a snapshot into a new folder, telling how far it has come; see
/// ``HindcastStore/Store/backup(_:to:progress:)``.
/// - Throws: ``HindcastError``; the folder is then no store.
public func backup(
  _ store: Store, snapshot selector: SnapshotSelector = .latest, to folder: String,
  progress: any ProgressSink
) throws(HindcastError) -> BackupReport {
  try store.backup(selector, to: folder) { done, total in
    progress.update(phase: "copying segments", done: done, total: total, unit: "bytes")
  }
}

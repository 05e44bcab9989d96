public import HindcastStore

/// The snapshots of a store, one a commit.
public struct SnapshotList: Report {
  private let commits: [CommitRecord]

  /// Creates a list.
  public init(_ commits: [CommitRecord]) {
    self.commits = commits
  }

  /// A line a snapshot.
  public var text: String {
    let hasNames = commits.contains { !$0.names.isEmpty }
    let columns: [(String, TextTable.Alignment)] = [
      ("snapshot", .right), ("time", .left), ("rows", .right), ("what", .left), ("names", .left),
    ]
    var table = TextTable(hasNames ? columns : columns.dropLast())
    for commit in commits {
      // Exact, so that `--as-known` takes it for this snapshot.
      var cells = [
        "\(commit.number)", commit.time.iso8601,
        commit.rowCount == 0 ? "" : Quantities.count(commit.rowCount), Self.summary(commit),
      ]
      if hasNames { cells.append(commit.names.joined(separator: ", ")) }
      table.append(cells)
    }
    return table.text
  }

  /// Every change of every snapshot.
  public var json: JSONValue {
    ["snapshots": .array(commits.map(Self.json))]
  }

  private static func summary(_ commit: CommitRecord) -> String {
    var parts: [String] = []
    for change in commit.changes {
      switch change {
      case .createdGroup(let group): parts.append("create \(group.name)")
      case .updatedGroup(let old, let group):
        parts.append(
          old.name == group.name ? "update \(group.name)" : "rename \(old.name) to \(group.name)")
      case .droppedGroup(let name): parts.append("drop \(name)")
      case .addedSegment(let group, _):
        if parts.last != "into \(group)" { parts.append("into \(group)") }
      case .addedRows(let group, _):
        if parts.last != "into \(group)" { parts.append("into \(group)") }
      case .rolledRows(let group, _):
        if parts.last != "log of \(group)" { parts.append("log of \(group)") }
      case .tookBatch(_, let id): parts.append("batch \(id)")
      case .erased(let group, let records, _):
        parts.append("\(Quantities.count(records.count, "record")) of \(group)")
      case .expired(let group, let time): parts.append("\(group) before \(time.iso8601)")
      case .replacedSegments(let group, let removed, let added):
        parts.append(
          "\(group), \(Quantities.count(removed.count, "segment")) into \(added.count)")
      case .quarantinedSegment(let group, let segment, _):
        parts.append("quarantine \(segment.uid) of \(group)")
      case .putGroup(let group): parts.append("create or update \(group.name)")
      case .namedSnapshot(let name, let number): parts.append("tag \(number) \(name)")
      case .forgotName(let name): parts.append("untag \(name)")
      case .expiredSnapshots(let first): parts.append("expire before \(first)")
      }
    }
    // `drop price` says it all; `drop, drop price` would not say more.
    let isNoteSaid = parts.first?.hasPrefix(commit.note + " ") ?? false
    let words = (isNoteSaid ? [] : [commit.note]) + parts
    return words.filter { !$0.isEmpty }.joined(separator: ", ")
  }

  private static func json(_ commit: CommitRecord) -> JSONValue {
    [
      "snapshot": .number(commit.number), "time": .string(commit.time.iso8601),
      "names": .array(commit.names.map { .string($0) }), "note": .string(commit.note),
      "rows": .number(commit.rowCount),
      "changes": .array(commit.changes.map(json)),
    ]
  }

  private static func json(_ change: CommitRecord.Change) -> JSONValue {
    switch change {
    case .createdGroup(let group): ["change": "create_group", "group": .string(group.name)]
    case .updatedGroup(let old, let group):
      ["change": "update_group", "group": .string(group.name), "old_name": .string(old.name)]
    case .droppedGroup(let name): ["change": "drop_group", "group": .string(name)]
    case .addedSegment(let group, let segment):
      [
        "change": "add_segment", "group": .string(group), "segment": "\(segment.uid)",
        "rows": .number(segment.rowCount), "bytes": .number(segment.byteCount),
      ]
    case .addedRows(let group, let rowCount):
      ["change": "add_rows", "group": .string(group), "rows": .number(rowCount)]
    case .rolledRows(let group, let segments):
      [
        "change": "roll", "group": .string(group),
        "segments": .array(segments.map { "\($0.uid)" }),
        "rows": .number(segments.reduce(0) { $0 + $1.rowCount }),
      ]
    case .tookBatch(let group, let id):
      ["change": "take_batch", "group": .string(group), "batch": .string(id)]
    case .erased(let group, let records, let segmentCount):
      [
        "change": "erase", "group": .string(group), "records": .number(records.count),
        "segments": .number(segmentCount),
      ]
    case .expired(let group, let time):
      ["change": "expire", "group": .string(group), "before": .string(time.iso8601)]
    case .replacedSegments(let group, let removed, let added):
      [
        "change": "replace_segments", "group": .string(group),
        "removed": .array(removed.map { "\($0)" }), "added": .array(added.map { "\($0.uid)" }),
        "rows": .number(added.reduce(0) { $0 + $1.rowCount }),
        "bytes": .number(added.reduce(0) { $0 + $1.byteCount }),
      ]
    case .quarantinedSegment(let group, let segment, let reason):
      [
        "change": "quarantine_segment", "group": .string(group), "segment": "\(segment.uid)",
        "rows": .number(segment.rowCount), "reason": .string(reason),
      ]
    case .putGroup(let group): ["change": "put_group", "group": .string(group.name)]
    case .namedSnapshot(let name, let number):
      ["change": "name_snapshot", "name": .string(name), "snapshot": .number(number)]
    case .forgotName(let name): ["change": "forget_name", "name": .string(name)]
    case .expiredSnapshots(let first):
      ["change": "expire_snapshots", "before": .number(first)]
    }
  }
}

public import HindcastCore
public import HindcastStore

/// Merges segments of groups into fewer; no answer changes.
///
/// Stops when the user asks to; the groups and merges that were done by then stay done, and the
/// error (`cancelled`) says which.
/// - Parameter name: the group; nil for all.
/// - Throws: as ``HindcastStore/Store/compact(_:options:progress:publish:)``.
public func compact(
  _ name: String?, of store: Store, options: CompactionOptions, progress: any ProgressSink
) throws(HindcastError) -> CompactionReport {
  let snapshot = try store.snapshot()
  let names = name.map { [$0] } ?? snapshot.groups.map(\.name)
  var report = CompactionReport()
  for name in names {
    var published: CompactionResult?
    let rolls = options.isFull ? try snapshot.group(named: name).hasLoggedRows : false
    do throws(HindcastError) {
      let result = try store.compact(
        name, options: options,
        progress: { state throws(HindcastError) in
          if case .published(let result) = state { published = result }
          try Interruption.check()
          state.show("merging", done: "merged", of: name, on: progress)
        })
      report.groups.append((name, result, rolls))
    } catch {
      guard error.code == .cancelled else { throw error }
      if let published { report.groups.append((name, published, rolls)) }
      throw report.interruption
    }
  }
  return report
}

/// What a compaction did.
public struct CompactionReport: Report {
  /// The groups, each with what was done, and whether rows of the log went into segments first.
  public var groups: [(name: String, result: CompactionResult, rolled: Bool)] = []

  /// The error that says what was merged before an interrupt.
  var interruption: HindcastError {
    let done = groups.filter { !$0.result.commits.isEmpty }
    let lines = done.map { "\n  " + Self.line($0.name, $0.result, false).dropLast() }.joined()
    return HindcastError(
      .cancelled,
      done.isEmpty ? "interrupted; nothing was merged" : "interrupted; these merges are in:" + lines
    )
  }

  /// A line a group.
  public var text: String {
    groups.isEmpty ? "No groups yet.\n" : groups.map(Self.line).joined()
  }

  private static func line(_ name: String, _ result: CompactionResult, _ rolled: Bool) -> String {
    var lines: [String] = []
    if rolled { lines.append("\(name): rows of the log are in segments now.\n") }
    if result.overtakenCount > 0 {
      lines.append("\(name): its segments were replaced or dropped meanwhile; run it again.\n")
    }
    if let commit = result.commits.last {
      let segments = Quantities.count(result.removedSegmentCount, "segment")
      let dropped = result.removedRowCount - result.addedRowCount
      lines.append(
        "\(name): \(segments) of \(Quantities.bytes(result.removedByteCount)) into "
          + "\(result.addedSegmentCount) of \(Quantities.bytes(result.addedByteCount)) "
          + "in commit \(commit); \(Quantities.count(dropped, "version")) that another with equal "
          + "times had replaced \(dropped == 1 ? "is" : "are") gone.\n")
    }
    return lines.isEmpty ? "\(name): nothing to merge.\n" : lines.joined()
  }

  /// The counts of every group.
  public var json: JSONValue {
    [
      "groups": .array(
        groups.map { name, result, rolled in
          [
            "group": .string(name), "commits": .array(result.commits.map { .number($0) }),
            "removed_segments": .number(result.removedSegmentCount),
            "added_segments": .number(result.addedSegmentCount),
            "removed_bytes": .number(result.removedByteCount),
            "added_bytes": .number(result.addedByteCount),
            "removed_rows": .number(result.removedRowCount),
            "added_rows": .number(result.addedRowCount),
            "overtaken": .number(result.overtakenCount), "rolled": .bool(rolled),
          ]
        })
    ]
  }
}

public import HindcastCore
public import HindcastStore

/// Gives up the history of groups that no label from `horizon` on can get (rule S4).
///
/// - Parameter name: the group; nil for all.
/// - Throws: as ``HindcastStore/Store/expire(_:before:options:progress:)``; groups that were done
/// by then stay done.
public func expire(
  _ name: String?, of store: Store, before horizon: Instant, options: CompactionOptions,
  progress: any ProgressSink
) throws(HindcastError) -> HorizonReport {
  let snapshot = try store.snapshot()
  let names = name.map { [$0] } ?? snapshot.groups.map(\.name)
  var report = HorizonReport(horizon: horizon)
  for name in names {
    let result = try store.expire(
      name, before: horizon, options: options,
      progress: { state throws(HindcastError) in
        try Interruption.check()
        state.show("rewriting", done: "rewrote", of: name, on: progress)
      })
    report.groups.append((name, result))
  }
  return report
}

/// What giving up history did.
public struct HorizonReport: Report {
  /// The horizon.
  public let horizon: Instant
  /// The groups, each with what was done.
  public var groups: [(name: String, result: HorizonResult)] = []

  init(horizon: Instant) {
    self.horizon = horizon
  }

  /// A line a group.
  public var text: String {
    groups.isEmpty ? "No groups yet.\n" : groups.map { line($0.name, $0.result) }.joined()
  }

  private func line(_ name: String, _ result: HorizonResult) -> String {
    guard let commit = result.commit else {
      return "\(name): nothing to give up before \(horizon.iso8601).\n"
    }
    let dropped = result.removedRowCount - result.addedRowCount
    return "\(name): \(Quantities.count(dropped, "version")) given up in commit \(commit); labels "
      + "whose time less the delay is before \(horizon.iso8601) are refused from now on. "
      + "Snapshots before \(commit) still have all, and take its space.\n"
  }

  /// The counts of every group.
  public var json: JSONValue {
    [
      "horizon": .string(horizon.iso8601),
      "groups": .array(
        groups.map { name, result in
          [
            "group": .string(name), "commit": result.commit.map { .number($0) } ?? .null,
            "removed_rows": .number(result.removedRowCount),
            "added_rows": .number(result.addedRowCount),
            "removed_bytes": .number(result.removedByteCount),
            "added_bytes": .number(result.addedByteCount),
          ]
        }),
    ]
  }
}

public import HindcastCore
public import HindcastStore

/// How history is given up.
public struct ExpireOptions: Sendable {
  /// The time from which on answers are kept.
  public var horizon: Instant
  /// Whether the horizon may be later than now, so that labels of today are refused.
  public var allowsFuture = false
  /// Whether to look only, and change nothing.
  public var isDryRun = false
  /// How segments are rewritten.
  public var rewriting = CompactionOptions()

  /// Creates options.
  public init(horizon: Instant) { self.horizon = horizon }

  fileprivate func checkTime() throws(HindcastError) {
    let now = LocalFileSystem().now()
    guard horizon > now, !allowsFuture else { return }
    throw HindcastError(
      .invalidArgument,
      "\(horizon.iso8601) is later than now (\(now.iso8601)): every label until then would be "
        + "refused, and 'get' and 'latest' of today; if that is meant, say --allow-future")
  }
}

/// Gives up the history of groups that no label from the horizon on can get (rule S4).
///
/// - Parameter name: the group; nil for all.
/// - Throws: `invalid_argument` if the horizon is later than now, unless that is allowed; as
///   ``HindcastStore/Store/expire(_:before:options:progress:)``; groups that were done by then stay
///   done, and on an interrupt the error (`cancelled`) says which.
public func expire(
  _ name: String?, of store: Store, options: ExpireOptions, progress: any ProgressSink
) throws(HindcastError) -> HorizonReport {
  try options.checkTime()
  let snapshot = try store.snapshot()
  let names = name.map { [$0] } ?? snapshot.groups.map(\.name)
  var report = HorizonReport(horizon: options.horizon, isDryRun: options.isDryRun)
  for name in names {
    let show: (CompactionProgress) throws(HindcastError) -> Void = { state throws(HindcastError) in
      try Interruption.check()
      let verb = options.isDryRun ? "reading" : "rewriting"
      state.show(verb, done: "rewrote", of: name, on: progress)
    }
    do throws(HindcastError) {
      let result =
        options.isDryRun
        ? try store.plan(name, before: options.horizon, progress: show)
        : try store.expire(
          name, before: options.horizon, options: options.rewriting, progress: show)
      report.groups.append(
        HorizonReport.Group(try store.snapshot().group(named: name), result))
    } catch {
      guard error.code == .cancelled, !options.isDryRun else { throw error }
      throw report.interruption
    }
  }
  return report
}

/// What giving up history did.
public struct HorizonReport: Report {
  /// The horizon.
  public let horizon: Instant
  /// Whether nothing was changed.
  public let isDryRun: Bool
  /// The groups, each with what was done, or would be.
  public var groups: [Group] = []

  /// One group.
  public struct Group: Sendable {
    /// The name.
    public let name: String
    /// What was done, or would be.
    public let result: HorizonResult
    /// The latest event time of all its versions; nil if it has none.
    public let newestEventTime: Instant?

    init(_ group: GroupSnapshot, _ result: HorizonResult) {
      name = group.definition.name
      self.result = result
      newestEventTime = group.segments.map(\.reference.maxEventTime).max().map {
        Instant(ticks: $0, unit: group.definition.timeUnit)
      }
    }
  }

  init(horizon: Instant, isDryRun: Bool) {
    self.horizon = horizon
    self.isDryRun = isDryRun
  }

  /// The error that says what was given up before an interrupt.
  var interruption: HindcastError {
    let done = groups.filter { $0.result.commit != nil }.map { "\n  " + line($0).dropLast() }
    return HindcastError(
      .cancelled,
      done.isEmpty
        ? "interrupted; no history was given up"
        : "interrupted; this history was given up before:" + done.joined())
  }

  /// A line a group.
  public var text: String {
    groups.isEmpty
      ? "No groups yet.\n" : groups.map(line).joined() + (isDryRun ? "Nothing was changed.\n" : "")
  }

  private func line(_ group: Group) -> String {
    let (name, result, time) = (group.name, group.result, horizon.iso8601)
    let dropped = result.removedRowCount - result.addedRowCount
    let versions = Quantities.count(dropped, "version")
    var line: String
    if isDryRun {
      line =
        "\(name): would give up \(versions); labels whose time less the delay is before \(time) "
        + "would be refused."
    } else if let commit = result.commit {
      line =
        "\(name): \(versions) given up in commit \(commit); labels whose time less the delay is "
        + "before \(time) are refused from now on. Snapshots before \(commit) still have all, and "
        + "take its space."
    } else {
      return "\(name): nothing to give up before \(time).\n"
    }
    if let newest = group.newestEventTime, newest < horizon {
      let keeps = isDryRun ? "would keep" : "kept"
      line +=
        " Its newest version is of \(newest.iso8601): each record \(keeps) its last one alone."
    }
    return line + "\n"
  }

  /// The counts of every group.
  public var json: JSONValue {
    [
      "horizon": .string(horizon.iso8601), "dry_run": .bool(isDryRun),
      "groups": .array(
        groups.map { group in
          let result = group.result
          return [
            "group": .string(group.name), "commit": result.commit.map { .number($0) } ?? .null,
            "newest_event_time": .optional(group.newestEventTime?.iso8601),
            "removed_rows": .number(result.removedRowCount),
            "added_rows": .number(result.addedRowCount),
            "removed_bytes": .number(result.removedByteCount),
            "added_bytes": isDryRun ? .null : .number(result.addedByteCount),
          ]
        }),
    ]
  }
}

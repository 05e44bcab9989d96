public import HindcastCore
public import HindcastStore

extension VerifyReport: Report {
  /// What was looked at, then every problem.
  public var text: String {
    let pages = pageCount > 0 ? ", \(Quantities.count(pageCount, "page"))" : ""
    let work =
      "\(Quantities.count(commitCount, "commit")), \(Quantities.count(segmentCount, "segment"))"
      + "\(pages), \(Quantities.count(rowCount, "row")), \(Quantities.bytes(byteCount))\(rate)"
    let rests =
      leftovers.map {
        "note: \($0) is in no commit: a writer is at work on it, or the next one removes it\n"
      }.joined()
      + logTails.map(Self.line).joined() + pendingText(pendingErasures)
    let quarantine = quarantined.map { group, segment in
      "note: \(group): segment \(segment.reference.uid) with "
        + "\(Quantities.count(segment.reference.rowCount, "version")) is in quarantine since "
        + "commit \(segment.commitNumber)\n"
    }.joined()
    // Without problems a deep look at segments has read pages.
    let isShallow = isSound && pageCount == 0 && segmentCount > 0
    let hint = isShallow ? "The pages themselves were not read: --deep reads them.\n" : ""
    if isSound { return "Nothing wrong in \(work).\n" + hint + quarantine + rests }
    let list = problems.map { "  \($0)\n" }.joined()
    return "\(Quantities.count(problems.count, "PROBLEM")) in \(work):\n" + list + quarantine
      + rests
  }

  private static func line(_ tail: LogTail) -> String {
    let place = tail.commit.map { "after commit \($0)" } ?? "and no commit"
    return "note: \(tail.path) has \(Quantities.count(tail.byteCount, "byte")) at offset "
      + "\(tail.byteOffset) \(place) that are no commit: one that was never acknowledged, or the "
      + "last one, damaged later\n"
  }

  /// How fast pages were read, where that took long enough to say.
  private var rate: String {
    guard pageCount > 0, seconds >= 0.1 else { return "" }
    return " (\(Quantities.bytes(Int(Double(byteCount) / seconds))) a second)"
  }

  /// The counts and every problem.
  public var json: JSONValue {
    [
      "sound": .bool(isSound), "commits": .number(commitCount), "segments": .number(segmentCount),
      "rows": .number(rowCount), "bytes": .number(byteCount), "pages": .number(pageCount),
      "seconds": .double(seconds),
      "problems": .array(
        problems.map { problem in
          [
            "code": .string(problem.code.name), "file": .optional(problem.location?.file),
            "message": .string(problem.description),
          ]
        }),
      "quarantined": .array(
        quarantined.map { group, segment in
          [
            "group": .string(group), "segment": "\(segment.reference.uid)",
            "commit": .number(segment.commitNumber),
            "versions": .number(segment.reference.rowCount), "reason": .string(segment.reason),
          ]
        }),
      "leftovers": .array(leftovers.map { .string($0) }),
      "log_tails": .array(
        logTails.map { tail in
          [
            "file": .string(tail.path), "after_commit": tail.commit.map { .number($0) } ?? .null,
            "offset": .number(tail.byteOffset), "bytes": .number(tail.byteCount),
          ]
        }),
      "pending_erasures": pendingJSON(pendingErasures),
    ]
  }
}

/// Looks at everything in a store, telling how far it has come.
/// - Throws: ``HindcastError`` (`io`) if the folder itself can't be read.
public func verify(
  _ store: Store, isDeep: Bool, progress: any ProgressSink
) throws(HindcastError) -> VerifyReport {
  let start = ContinuousClock.now
  var report = try store.verify(deep: isDeep) { state in
    progress.update(
      phase: "verifying", done: state.bytesDone, total: state.byteCount, unit: "bytes")
  }
  let (seconds, attoseconds) = (ContinuousClock.now - start).components
  report.seconds = Double(seconds) + Double(attoseconds) * 1e-18
  return report
}

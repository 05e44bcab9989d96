import HindcastCore
public import HindcastStore

/// What a repair did, or would do, to a store.
public struct StoreRepairReport: Report {
  private let report: RepairReport
  private let groups: [String: FeatureGroup]
  private let isDryRun: Bool

  /// Whether something is wrong that was not, or can't be, repaired.
  public var needsAttention: Bool {
    !report.others.isEmpty || (isDryRun && !report.losses.isEmpty)
  }

  /// Goes on without segments that are damaged or missing; see
  /// ``HindcastStore/Store/repair(isDryRun:progress:)``.
  public init(repairing store: Store, isDryRun: Bool, progress: any ProgressSink) throws {
    let definitions = try store.snapshot().groups
    groups = Dictionary(definitions.map { ($0.name, $0) }, uniquingKeysWith: { $1 })
    self.isDryRun = isDryRun
    report = try store.repair(isDryRun: isDryRun) { state in
      progress.update(
        phase: "reading segments", done: state.bytesDone, total: state.byteCount, unit: "bytes")
    }
  }

  /// Records that the text lists of each segment; JSON has more.
  private static let shownRecords = 20

  /// Each loss with its records, then what became of it.
  public var text: String {
    let others = report.others.map { "NOT REPAIRED: \($0)\n" }.joined()
    let moved =
      report.movedFiles.map { "moved to \($0)\n" }.joined()
      + report.wholeFiles.map {
        "\($0) is whole, and stays: snapshots from before it was quarantined read it; later ones "
          + "lack its rows until they are ingested again\n"
      }.joined()
    guard !report.losses.isEmpty else {
      return (others.isEmpty ? "Nothing to repair.\n" : "") + moved + others
    }
    let verdict =
      if isDryRun {
        "Dry run: the store is as it was.\n"
      } else if let commit = report.commit {
        "Commit \(commit.number): answers from this snapshot on are without them; earlier ones "
          + "fail where they need them. Ingest what was lost again where you have it.\n"
      } else {
        "Nothing to commit.\n"
      }
    return report.losses.map(text).joined() + verdict + moved + others
  }

  private func text(_ loss: SegmentLoss) -> String {
    let segment = loss.reference
    var lines = ["\(loss.group): segment \(segment.uid) of commit \(segment.commitNumber) is lost"]
    lines += loss.problems.map { "  \($0)" }
    lines.append(
      "  lost: \(Quantities.count(segment.rowCount, "version")) of "
        + "\(Quantities.count(segment.runCount, "record")), event times "
        + "\(time(segment.minEventTime, loss)) to \(time(segment.maxEventTime, loss))")
    for record in loss.records.prefix(Self.shownRecords) {
      let name = zip(record.record, identifiers(loss)).map { value, field in
        JSONValue(value, as: field.type).compact
      }.joined(separator: ", ")
      let times = [record.firstEventTime, record.lastEventTime].map {
        $0.map { time($0, loss) } ?? "unreadable"
      }
      lines.append(
        "  record \(name): \(Quantities.count(record.versionCount, "version")), "
          + times.joined(separator: " to "))
    }
    let more = loss.readableRecordCount - min(loss.records.count, Self.shownRecords)
    if more > 0 {
      let whole = loss.omittedRecordCount == 0
      let list =
        whole ? "see --json" : "--json lists the first \(Quantities.count(loss.records.count))"
      lines.append("  and \(Quantities.count(more, "record")) more (\(list))")
    }
    if loss.unreadableRecordCount > 0 {
      lines.append(
        "  \(Quantities.count(loss.unreadableRecordCount, "record")) can't be told any more")
    }
    return lines.joined(separator: "\n") + "\n"
  }

  private func time(_ ticks: Int64, _ loss: SegmentLoss) -> String {
    Instant(ticks: ticks, unit: groups[loss.group]?.timeUnit ?? .microsecond).iso8601
  }

  private func identifiers(_ loss: SegmentLoss) -> [Field] {
    groups[loss.group]?.recordIdentifiers ?? []
  }

  /// Every loss, with up to 10,000 records each, and how many were left out.
  public var json: JSONValue {
    [
      "dry_run": .bool(isDryRun), "commit": report.commit.map { .number($0.number) } ?? .null,
      "losses": .array(report.losses.map(json)),
      "moved_files": .array(report.movedFiles.map { .string($0) }),
      "whole_files": .array(report.wholeFiles.map { .string($0) }),
      "not_repaired": .array(report.others.map { .string($0.description) }),
    ]
  }

  private func json(_ loss: SegmentLoss) -> JSONValue {
    let segment = loss.reference
    return [
      "group": .string(loss.group), "segment": "\(segment.uid)",
      "commit": .number(segment.commitNumber), "versions": .number(segment.rowCount),
      "records": .number(segment.runCount), "tombstones": .number(segment.tombstoneCount),
      "first_event_time": .string(time(segment.minEventTime, loss)),
      "last_event_time": .string(time(segment.maxEventTime, loss)),
      "problems": .array(loss.problems.map { .string($0.description) }),
      "unreadable_records": .number(loss.unreadableRecordCount),
      "omitted_records": .number(loss.omittedRecordCount),
      "lost": .array(
        loss.records.map { record in
          [
            "record": .object(
              zip(record.record, identifiers(loss)).map { value, field in
                JSONValue.Member(field.name, JSONValue(value, as: field.type))
              }),
            "versions": .number(record.versionCount),
            "first_event_time": .optional(record.firstEventTime.map { time($0, loss) }),
            "last_event_time": .optional(record.lastEventTime.map { time($0, loss) }),
          ]
        }),
    ]
  }
}

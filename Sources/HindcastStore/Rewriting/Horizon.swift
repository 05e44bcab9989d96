public import HindcastCore
import HindcastFormat

/// What giving up old history did.
public struct HorizonResult: Hashable, Sendable {
  /// The commit; nil if the horizon was there already and nothing was left to drop.
  public var commit: UInt64?
  /// The rows of the segments that were rewritten.
  public var removedRowCount = 0
  /// The rows that stayed of them.
  public var addedRowCount = 0
  /// The bytes of the segments that were rewritten.
  public var removedByteCount = 0
  /// The bytes of those that took their place.
  public var addedByteCount = 0
}

extension Store {
  /// Gives up the versions of a group that no label from `horizon` on can get (rule S4).
  ///
  /// From the commit on, a label whose time less the delay is before the horizon is refused; every
  /// other answer stays as it was. Earlier snapshots still have everything. As for a compaction,
  /// the writer's lock is taken for a moment at the end.
  /// - Parameters:
  ///   - horizon: a multiple of the group's unit of time, not before an earlier horizon.
  ///   - progress: is told how far it is, and may throw to stop (`cancelled`).
  /// - Throws: `invalid_value` if the horizon does not fit; `not_found`; `busy` if another process
  ///   rewrites segments or drops the group meanwhile; `io`, `corrupt`.
  public func expire(
    _ name: String, before horizon: Instant, options: CompactionOptions = CompactionOptions(),
    progress: @escaping (CompactionProgress) throws(HindcastError) -> Void = { _ in }
  ) throws(HindcastError) -> HorizonResult {
    let lock = try RewritingLock.take(log)
    defer { withExtendedLifetime(lock) {} }
    try rollLog(of: name, progress)
    let group = try snapshot().group(named: name)
    let ticks = try group.ticks(ofHorizon: horizon)
    let inputs = Self.stretch(group.segments, upTo: ticks)
    guard !inputs.contains(where: \.isInMemory) else {
      throw HindcastError(
        .busy, "rows are coming into group '\(name)': try again when that stream is closed")
    }
    var result = HorizonResult()
    let replacement = try replacement(inputs, of: group, horizon: ticks, options, progress)
    if let replacement {
      result.removedRowCount = inputs.reduce(0) { $0 + $1.reference.rowCount }
      result.removedByteCount = inputs.reduce(0) { $0 + $1.reference.byteCount }
      result.addedRowCount = replacement.added.reduce(0) { $0 + $1.rowCount }
      result.addedByteCount = replacement.added.reduce(0) { $0 + $1.byteCount }
    }
    let isOld = group.horizon == ticks
    if isOld, result.removedRowCount == result.addedRowCount {
      discard(replacement.map { [$0] } ?? [])
      return HorizonResult()
    }
    let edits: [Edit] = isOld ? [] : [.horizon(groupID: group.identifier, ticks: ticks)]
    let commit = try publishWhenFree(
      replacement.map { [$0] } ?? [], with: edits, note: "expire",
      waiting: { () throws(HindcastError) in try progress(.waitingForWriter) })
    guard let commit else {
      throw HindcastError(
        .busy, "group '\(name)' was changed while its history was rewritten: try again")
    }
    result.commit = commit.number
    return result
  }

  /// What giving up history would do now; changes nothing.
  ///
  /// The result has no commit, and no bytes that would be added: nothing is encoded.
  /// - Throws: `invalid_value` if the horizon does not fit; `not_found`; `io`, `corrupt`.
  public func plan(
    _ name: String, before horizon: Instant,
    progress: (CompactionProgress) throws(HindcastError) -> Void = { _ in }
  ) throws(HindcastError) -> HorizonResult {
    let group = try snapshot().group(named: name)
    let ticks = try group.ticks(ofHorizon: horizon)
    let inputs = Self.stretch(group.segments, upTo: ticks)
    var result = HorizonResult()
    guard !inputs.isEmpty else { return result }
    result.removedRowCount = inputs.reduce(0) { $0 + $1.reference.rowCount }
    result.removedByteCount = inputs.reduce(0) { $0 + $1.reference.byteCount }
    let rows = LastArrivals(
      WithoutExpired(try Self.times(inputs), times: try Self.times(inputs), horizon: ticks))
    while let batch = try rows.next() {
      result.addedRowCount += batch.count
      try progress(.rows(done: result.addedRowCount, of: result.removedRowCount))
    }
    withExtendedLifetime(group) {}
    return result
  }

  /// The rows of segments in order, without features.
  private static func times(_ inputs: [StoredSegment]) throws(HindcastError) -> RunMerger {
    var sources: [any BatchSource] = []
    for input in inputs { sources.append(try StoredRows(input.reader(), features: [])) }
    return try RunMerger(sources)
  }

  private func replacement(
    _ inputs: [StoredSegment], of group: GroupSnapshot, horizon: Int64,
    _ options: CompactionOptions,
    _ progress: @escaping (CompactionProgress) throws(HindcastError) -> Void
  ) throws(HindcastError) -> Replacement? {
    inputs.isEmpty
      ? nil : try merge(inputs, of: group, horizon: horizon, options.rewriting, progress)
  }

  /// The segments with versions of up to a time, and those between them: all others hold nothing
  /// that goes, nor anything because of which another goes.
  private static func stretch(_ segments: [StoredSegment], upTo ticks: Int64) -> [StoredSegment] {
    func isOld(_ segment: StoredSegment) -> Bool { segment.reference.minEventTime <= ticks }
    guard var first = segments.firstIndex(where: isOld),
      var last = segments.lastIndex(where: isOld)
    else { return [] }
    // Commits go as a whole.
    func areOne(_ a: Int, _ b: Int) -> Bool {
      segments[a].reference.commits == segments[b].reference.commits
    }
    while first > 0, areOne(first - 1, first) { first -= 1 }
    while last + 1 < segments.count, areOne(last, last + 1) { last += 1 }
    return Array(segments[first...last])
  }
}

extension GroupSnapshot {
  fileprivate func ticks(ofHorizon horizon: Instant) throws(HindcastError) -> Int64 {
    guard let ticks = horizon.ticks(exactly: definition.timeUnit) else {
      throw HindcastError(
        .invalidValue,
        "\(horizon.iso8601) is no time of group '\(definition.name)', which counts in "
          + "\(definition.timeUnit): give one without a fraction of that")
    }
    if let old = self.horizon, ticks < old {
      throw HindcastError(
        .invalidValue,
        "group '\(definition.name)' gave up its history before "
          + "\(Instant(ticks: old, unit: definition.timeUnit).iso8601) already: "
          + "a horizon only moves on"
      )
    }
    return ticks
  }
}

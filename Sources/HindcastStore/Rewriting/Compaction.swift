public import HindcastCore
import HindcastFormat

extension Store {
  /// Merges segments of a group into fewer.
  ///
  /// No answer changes, of this snapshot or of any other: earlier snapshots go on reading the old
  /// segments, which stay for as long as they do. Merging takes no lock but that of rewritings, so
  /// that readers and the writer work on beside it; the writer's lock is taken for the moment in
  /// which the result is published. May be called from a thread of its own, and stopped at any
  /// moment: what is not published is removed.
  /// - Parameters:
  ///   - progress: is told how far it is, and may throw to stop (`cancelled`).
  ///   - publish: publishes a merge; for a program that holds the writer's lock itself. Without it
  ///     the lock is waited for.
  /// - Throws: `not_found`; `busy` if another process rewrites segments; `io`, `corrupt`.
  @discardableResult
  public func compact(
    _ name: String, options: CompactionOptions = CompactionOptions(),
    progress: @escaping (CompactionProgress) throws(HindcastError) -> Void = { _ in },
    publish: ((CompactedSegments) throws(HindcastError) -> CommitRecord?)? = nil
  ) throws(HindcastError) -> CompactionResult {
    let lock = try RewritingLock.take(log)
    defer { withExtendedLifetime(lock) {} }
    if options.isFull, publish == nil { try rollLog(of: name, progress) }
    var result = CompactionResult()
    // What arrives meanwhile is not for a full one to wait for.
    let last = options.isFull ? try snapshot().number : .max
    while true {
      let group = try snapshot().group(named: name)
      let policy = options.policy(group.definition.timeUnit)
      guard
        let segments = Self.next(in: group, policy, isFull: options.isFull, through: last)
      else { return result }
      let replacement = try merge(
        segments, of: group, horizon: group.horizon, options.rewriting, progress)
      let merged = CompactedSegments(replacement: replacement)
      let commit: CommitRecord?
      if let publish {
        commit = try publish(merged)
      } else {
        commit = try publishWhenFree(
          [replacement], note: "compact",
          waiting: { () throws(HindcastError) in try progress(.waitingForWriter) })
      }
      result.add(merged, removed: segments.map(\.reference), commit: commit)
      // Who was overtaken might be again.
      if commit == nil { return result }
      try progress(.published(result))
    }
  }

  /// The segments to merge next, none of which the log's rows come between, of commits up to
  /// `last`; nil if there is nothing to do.
  private static func next(
    in group: GroupSnapshot, _ policy: CompactionPolicy, isFull: Bool, through last: UInt64
  ) -> [StoredSegment]? {
    let segments = group.segments.prefix { $0.reference.commits.upperBound <= last }
    for part in segments.split(whereSeparator: \.isInMemory) {
      let references = part.map(\.reference)
      let stretch = isFull ? policy.everything(in: references) : policy.stretch(in: references)
      if let stretch { return Array(Array(part)[stretch]) }
    }
    return nil
  }
}

/// Segments that were merged, not published yet.
public struct CompactedSegments: Sendable {
  let replacement: Replacement
}

extension StoreWriter {
  /// Publishes what a compaction merged.
  ///
  /// Returns nil, and commits nothing, if the segments were replaced or dropped meanwhile.
  /// - Throws: as ``apply(_:note:)``.
  public func publish(_ merged: CompactedSegments) throws(HindcastError) -> CommitRecord? {
    try replace([merged.replacement], note: "compact")
  }
}

extension CompactionResult {
  fileprivate mutating func add(
    _ merged: CompactedSegments, removed: [SegmentReference], commit: CommitRecord?
  ) {
    guard let commit else {
      overtakenCount += 1
      return
    }
    let added = merged.replacement.added
    commits.append(commit.number)
    removedSegmentCount += removed.count
    addedSegmentCount += added.count
    removedByteCount += removed.reduce(0) { $0 + $1.byteCount }
    addedByteCount += added.reduce(0) { $0 + $1.byteCount }
    removedRowCount += removed.reduce(0) { $0 + $1.rowCount }
    addedRowCount += added.reduce(0) { $0 + $1.rowCount }
  }
}

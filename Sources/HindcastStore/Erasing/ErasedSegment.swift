import HindcastCore
import HindcastFormat

/// A segment that no snapshot reads any more, since it held records that were erased.
struct ErasedSegment: Sendable {
  let uid: SegmentUID
  /// The first snapshot that may have named it.
  let firstSnapshot: UInt64
  /// The commit that erased records of it.
  let erasedAt: UInt64
  /// What is read instead; nil for nothing.
  let substitute: SegmentReference?

  /// The snapshots whose readers may have it open.
  var snapshots: Range<UInt64> { firstSnapshot..<erasedAt }
}

/// A commit that erased records of a group.
public struct ErasureRecord: Hashable, Sendable {
  /// The commit.
  public let commit: UInt64
  /// The records.
  public let records: ErasedRecords
}

extension Catalogue.GroupState {
  /// Puts substitutes into the place of segments; false if they don't go there.
  mutating func apply(_ erasure: Erasure, in commit: UInt64) -> Bool {
    for substitution in erasure.substitutions {
      guard let old = substitute(substitution) else { return false }
      writtenByteCount += substitution.new?.byteCount ?? 0
      erased.append(
        ErasedSegment(
          uid: old.uid, firstSnapshot: min(old.commitNumber, commit), erasedAt: commit,
          substitute: substitution.new))
    }
    erasures.append(ErasureRecord(commit: commit, records: erasure.records))
    return true
  }

  /// Replaces one reference, wherever it is; returns the old one.
  private mutating func substitute(_ substitution: Erasure.Substitution) -> SegmentReference? {
    func goes(_ old: SegmentReference) -> Bool {
      guard let new = substitution.new else { return true }
      return new.groupID == id && new.commits == old.commits && new.rowCount <= old.rowCount
        && new.uid != old.uid
    }
    if let place = segments.firstIndex(where: { $0.uid == substitution.old }) {
      let old = segments[place]
      guard goes(old) else { return nil }
      segments.replaceSubrange(place...place, with: substitution.new.map { [$0] } ?? [])
      return old
    }
    guard let place = replaced.firstIndex(where: { $0.reference.uid == substitution.old }) else {
      return nil
    }
    let old = replaced[place]
    guard goes(old.reference) else { return nil }
    let new = substitution.new.map {
      ReplacedSegment(reference: $0, replacedAt: old.replacedAt)
    }
    replaced.replaceSubrange(place...place, with: new.map { [$0] } ?? [])
    return old.reference
  }

  /// What an earlier snapshot's segments are read from now, and the erasures that touched them.
  ///
  /// O(segments + erased segments).
  func resolved(
    _ references: [SegmentReference]
  ) -> (segments: [SegmentReference], erasures: [ErasureRecord]) {
    if erased.isEmpty { return (references, []) }
    var substitutes: [SegmentUID: ErasedSegment] = [:]
    for segment in erased { substitutes[segment.uid] = segment }
    var commits: Set<UInt64> = []
    let segments = references.compactMap { reference -> SegmentReference? in
      var current = reference
      while let step = substitutes[current.uid] {
        commits.insert(step.erasedAt)
        guard let next = step.substitute else { return nil }
        current = next
      }
      return current
    }
    return (segments, erasures.filter { commits.contains($0.commit) })
  }
}

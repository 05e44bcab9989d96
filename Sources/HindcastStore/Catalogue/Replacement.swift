import HindcastCore
import HindcastFormat

/// Segments of a group, and those that take their place.
///
/// The old ones are a stretch of the group's segments that holds all its rows of some commits; the
/// new ones cover the same commits.
struct Replacement: Sendable {
  let groupID: UInt32
  /// The segments that go, in order of arrival.
  let removed: [SegmentUID]
  /// The segments that come, in order of arrival; none if nothing is left of the rows.
  let added: [SegmentReference]

  private enum Tag {
    static let groupID: UInt16 = 1
    static let removed: UInt16 = 2
    static let added: UInt16 = 3
  }

  init(groupID: UInt32, removed: [SegmentUID], added: [SegmentReference]) {
    self.groupID = groupID
    self.removed = removed
    self.added = added
  }

  func encode(to target: inout TaggedEncoder) {
    target.integer(Tag.groupID, groupID)
    for uid in removed { target.text(Tag.removed, uid.description) }
    for reference in added { target.nested(Tag.added) { reference.encode(to: &$0) } }
  }

  init(_ source: TaggedFields) throws(HindcastError) {
    groupID = try source.integer(Tag.groupID)
    var removed: [SegmentUID] = []
    for name in try source.allTexts(Tag.removed) {
      guard let uid = SegmentUID(name), uid.description == name else {
        throw source.damaged(Tag.removed)
      }
      removed.append(uid)
    }
    self.removed = removed
    var added: [SegmentReference] = []
    for reference in try source.allNested(Tag.added) {
      added.append(try SegmentReference(reference))
    }
    self.added = added
  }
}

/// A segment that only snapshots before a commit name.
struct ReplacedSegment {
  let reference: SegmentReference
  /// The first commit that does not name it.
  let replacedAt: UInt64
}

extension Catalogue.GroupState {
  /// All segments that some snapshot names.
  var allSegments: [SegmentReference] { segments + replaced.map(\.reference) }

  /// Whether a segment of that name is among the group's.
  ///
  /// O(segments).
  func has(_ uid: SegmentUID) -> Bool { segments.contains { $0.uid == uid } }

  /// The places of `uids` among the segments; nil unless they are a stretch of them in this order
  /// that holds whole commits.
  ///
  /// O(segments).
  func stretch(of uids: [SegmentUID]) -> Range<Int>? {
    guard let first = uids.first, let start = segments.firstIndex(where: { $0.uid == first }),
      uids.count <= segments.count - start
    else { return nil }
    let range = start..<(start + uids.count)
    guard segments[range].map(\.uid) == uids else { return nil }
    let commits =
      segments[range.lowerBound].commits.lowerBound...segments[range.upperBound - 1].commitNumber
    if start > 0, segments[start - 1].commitNumber >= commits.lowerBound { return nil }
    if range.upperBound < segments.count,
      segments[range.upperBound].commits.lowerBound <= commits.upperBound
    {
      return nil
    }
    return range
  }

  /// Puts new segments into the place of old ones; false if they don't go there.
  mutating func apply(_ replacement: Replacement, in commit: UInt64) -> Bool {
    guard let range = stretch(of: replacement.removed) else { return false }
    let old = segments[range]
    let commits = old[range.lowerBound].commits.lowerBound...old[range.upperBound - 1].commitNumber
    let rowCount = old.reduce(0) { $0 + $1.rowCount }
    var newRowCount = 0
    for reference in replacement.added {
      let (sum, overflows) = newRowCount.addingReportingOverflow(reference.rowCount)
      guard !overflows, sum <= rowCount, reference.groupID == id, reference.commits == commits,
        !has(reference.uid)
      else { return false }
      newRowCount = sum
    }
    replaced += old.map { ReplacedSegment(reference: $0, replacedAt: commit) }
    segments.replaceSubrange(range, with: replacement.added)
    writtenByteCount += replacement.added.reduce(0) { $0 + $1.byteCount }
    return true
  }
}

import HindcastFormat

/// Which segments any kept snapshot names.
///
/// This is the one place that decides it: the file of a segment that is not in the catalogue goes.
extension Catalogue {
  /// Leaves out the segments that no kept snapshot names.
  ///
  /// O(segments x named snapshots before the first kept one).
  mutating func forgetUnneededSegments() {
    let retention = retention
    let namedBefore = retention.namedBefore
    updateGroups { group in
      let droppedAt = group.droppedAt
      group.segments = group.segments.filter {
        retention.keepsAny(of: $0.snapshots(until: droppedAt), namedBefore: namedBefore)
      }
      group.replaced = group.replaced.filter {
        retention.keepsAny(of: $0.snapshots(until: droppedAt), namedBefore: namedBefore)
      }
    }
  }

  /// The segments that none of the snapshots would name that another retention keeps.
  func segments(unneededUnder retention: Retention) -> [SegmentReference] {
    let namedBefore = retention.namedBefore
    return groups.flatMap { group in
      group.segments.filter {
        !retention.keepsAny(of: $0.snapshots(until: group.droppedAt), namedBefore: namedBefore)
      }
        + group.replaced.filter {
          !retention.keepsAny(of: $0.snapshots(until: group.droppedAt), namedBefore: namedBefore)
        }.map(\.reference)
    }
  }

  /// The segments that any kept snapshot names.
  var neededSegments: Set<SegmentUID> {
    Set(groups.lazy.flatMap { $0.allSegments.lazy.map(\.uid) })
  }

  /// The log files that hold rows which this snapshot has in no segment.
  var neededLogs: Set<UInt64> {
    Set(groups.lazy.flatMap { $0.logged.lazy.map(\.place.log) })
  }
}

extension SegmentReference {
  /// The numbers of the snapshots that may name it, in a group that commit `end` dropped.
  func snapshots(until end: UInt64?) -> Range<UInt64> {
    commitNumber..<max(commitNumber, end ?? .max)
  }
}

extension ReplacedSegment {
  /// The numbers of the snapshots that may name it, in a group that commit `end` dropped.
  func snapshots(until end: UInt64?) -> Range<UInt64> {
    let end = min(replacedAt, end ?? .max)
    return reference.commitNumber..<max(reference.commitNumber, end)
  }
}

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
      group.segments = group.segments.filter {
        retention.keepsAny(of: group.snapshots(with: $0), namedBefore: namedBefore)
      }
    }
  }

  /// The segments that none of the snapshots would name that another retention keeps.
  func segments(unneededUnder retention: Retention) -> [SegmentReference] {
    let namedBefore = retention.namedBefore
    return groups.flatMap { group in
      group.segments.filter {
        !retention.keepsAny(of: group.snapshots(with: $0), namedBefore: namedBefore)
      }
    }
  }

  /// The segments that any kept snapshot names.
  var neededSegments: Set<SegmentUID> {
    Set(groups.lazy.flatMap { $0.segments.lazy.map(\.uid) })
  }
}

extension Catalogue.GroupState {
  /// The numbers of the snapshots that name a segment of the group.
  func snapshots(with segment: SegmentReference) -> Range<UInt64> {
    segment.commitNumber..<max(segment.commitNumber, droppedAt ?? .max)
  }
}

import HindcastCore
import HindcastFormat
import HindcastStore
import Synchronization

/// One segment of a group's history, with what the searches in it share.
final class SegmentHistory: Sendable {
  let segment: SegmentReader
  /// Its place among the group's segments, which is the order of their commits.
  let index: Int32
  /// Its first and its last event time.
  let eventTimes: ClosedRange<Int64>
  private let createdLeasts = Mutex<LeastTree?>(nil)

  /// A segment of a snapshot.
  /// - Throws: ``HindcastError`` if it can't be read.
  init(_ stored: StoredSegment, index: Int) throws(HindcastError) {
    segment = try stored.reader()
    self.index = Int32(index)
    let reference = stored.reference
    eventTimes =
      reference.minEventTime...max(reference.minEventTime, reference.maxEventTime)
  }

  /// The least created time of each page; the greatest number there is where all are null.
  ///
  /// Made when it is first asked for: O(pages), of which none is read.
  /// - Throws: ``HindcastError`` if a page directory can't be read.
  func leastCreatedTimes() throws(HindcastError) -> LeastTree {
    try createdLeasts.withLock { tree throws(HindcastError) in
      if let tree { return tree }
      var leaves: [Int64] = []
      if let created = segment.createdTimes {
        leaves.reserveCapacity(created.pageCount)
        for page in 0..<created.pageCount { leaves.append(try Self.least(created, page)) }
      }
      let made = LeastTree(leaves)
      tree = made
      return made
    }
  }

  /// The least time of one page, from its zone map.
  static func least(_ column: ColumnReader, _ page: Int) throws(HindcastError) -> Int64 {
    guard let zone = try column.zone(page) else {
      throw HindcastError(.corrupt, "the times of a segment have no zone maps")
    }
    return zone.hasValues ? zone.min : .max
  }
}

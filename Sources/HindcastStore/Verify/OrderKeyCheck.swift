package import HindcastCore
import HindcastFormat

/// Looks for records that two segments of one commit hold.
///
/// Arrival (rule O1) is the commit, then the place in its one segment: with two segments it would
/// not be said which of two versions came last.
package struct OrderKeyCheck {
  private let store: Store

  package init(store: Store) {
    self.store = store
  }

  /// What is wrong among the segments of one group.
  ///
  /// Reads the ends of each, and the records of those that may overlap. Segments that can't be read
  /// are passed over: they are reported where all of them are read.
  package func problems(of segments: [SegmentReference]) -> [HindcastError] {
    var problems: [HindcastError] = []
    let commits = Dictionary(grouping: segments, by: \.commitNumber).filter { $0.value.count > 1 }
    for (number, references) in commits.sorted(by: { $0.key < $1.key }) {
      let ranges = references.compactMap(range).sorted {
        $0.first.lexicographicallyPrecedes($1.first)
      }
      for (index, range) in ranges.enumerated() {
        for other in ranges[(index + 1)...] {
          // Those that come after begin later still.
          guard !range.last.lexicographicallyPrecedes(other.first) else { break }
          guard let record = try? sharedRecord(range.reader, other.reader) else { continue }
          problems.append(
            HindcastError(
              .corrupt,
              "record \(record) is in two segments of commit \(number), so that the order of its "
                + "versions is not said; the other is "
                + StoreLayout.segmentName(range.reader.uid),
              at: .init(file: store.layout.segment(other.reader.uid))))
        }
      }
    }
    return problems
  }

  private typealias KeyRange = (first: [UInt8], last: [UInt8], reader: SegmentReader)

  private func range(_ reference: SegmentReference) -> KeyRange? {
    guard let reader = try? StoredSegment(reference: reference, pool: store.segments).reader(),
      reader.runPageCount > 0, let fences = try? reader.fences(),
      let last = try? reader.runPage(reader.runPageCount - 1), last.count > 0
    else { return nil }
    return (fences.bytes(0), last.keys.bytes(last.count - 1), reader)
  }

  /// The first record that both hold; nil if there is none.
  ///
  /// O(records of both), a page of each in memory.
  private func sharedRecord(
    _ a: SegmentReader, _ b: SegmentReader
  ) throws(HindcastError) -> String? {
    var (left, right) = (KeyStream(a), KeyStream(b))
    var (x, y) = (try left.next(), try right.next())
    while let key = x, let other = y {
      if key == other {
        let record = try a.keyLayout.decode(key)
        return record.map { "\($0)" }.joined(separator: ", ")
      }
      if key.lexicographicallyPrecedes(other) { x = try left.next() } else { y = try right.next() }
    }
    return nil
  }
}

/// A segment's records, in order.
private struct KeyStream {
  private let reader: SegmentReader
  private var page: RunPage?
  private var nextPage = 0
  private var nextRun = 0

  init(_ reader: SegmentReader) { self.reader = reader }

  /// The next record's key; nil at the end.
  mutating func next() throws(HindcastError) -> [UInt8]? {
    while nextRun >= page?.count ?? 0 {
      guard nextPage < reader.runPageCount else { return nil }
      page = try reader.runPage(nextPage)
      nextPage += 1
      nextRun = 0
    }
    nextRun += 1
    return page?.keys.bytes(nextRun - 1)
  }
}

import HindcastCore
import HindcastFormat
import Synchronization

/// Labels of a chunk in resolve order, with their bounds: what a strategy works on.
struct ResolveInput: Sendable {
  let labels: LabelVector
  let bounds: TimeBounds
  let order: LabelOrder
  let rule: AsOfRule
  let hasCreatedTime: Bool
  /// Whether records come in the order of their keys.
  let isSorted: Bool
  /// The entry at which the labels of each record start, and the number of entries.
  let recordStarts: [Int32]
  /// The key of each record.
  let recordKeys: KeyVector
  private let sharedTable = SharedTable()

  /// Sorts the labels that can have an answer by record and time; without `isSorted`, records come
  /// in any order.
  ///
  /// O(labels).
  init(
    _ labels: LabelVector, _ rule: AsOfRule, hasCreatedTime: Bool, isSorted: Bool = true
  ) {
    let bounds = TimeBounds(labels, rule)
    let ordered =
      bounds.hasImpossible
      ? OrderedLabels(labels, isSorted: isSorted) { row in
        labels.isUnusable(row) || labels.isAbsent(row) || bounds.isImpossible(row)
      } : labels.facts.ordered(labels, isSorted: isSorted)
    order = ordered.order
    recordStarts = ordered.recordStarts
    recordKeys = ordered.recordKeys
    self.isSorted = isSorted
    self.labels = labels
    self.bounds = bounds
    self.rule = rule
    self.hasCreatedTime = hasCreatedTime
  }

  /// The table of the records that labels name: made when it is first asked for.
  var recordTable: RecordTable { sharedTable.table(self) }

  /// The distinct records that the labels name.
  var recordCount: Int { recordStarts.count - 1 }

  /// What a plan says of the labels.
  var counts: ResolvePlan.Labels {
    ResolvePlan.Labels(labelCount: order.rows.count, recordCount: recordCount)
  }

  /// The labels of records between the first and the last of a segment, of which O(1) pages are
  /// read.
  func counts(in segment: SegmentReader) throws(HindcastError) -> ResolvePlan.Labels {
    let entries = try entries(in: segment)
    var records = self.records(in: entries)
    let first = records.next()?.record ?? 0
    var last = self.records(in: max(0, entries.upperBound - 1)..<entries.upperBound)
    return ResolvePlan.Labels(
      labelCount: entries.count,
      recordCount: entries.isEmpty ? 0 : (last.next()?.record ?? first) - first + 1)
  }

  /// The labels' event bounds, by entry.
  ///
  /// O(labels).
  func eventBounds() -> Buffer {
    var result = MutableBuffer(byteCount: 8 * order.rows.count)
    var target = result.mutableSpan(of: Int64.self)
    let bounds = bounds.events.span(of: Int64.self)
    for entry in order.rows.indices { target[entry] = bounds[Int(order.rows[entry])] }
    return result.freeze()
  }

  /// The entries whose records lie between the first and the last of a segment; all where records
  /// are not in order.
  func entries(in segment: SegmentReader) throws(HindcastError) -> Range<Int> {
    let all = 0..<order.rows.count
    guard isSorted, !all.isEmpty else { return all }
    let fences = try segment.fences()
    guard fences.count > 0 else { return 0..<0 }
    let last = try segment.runPage(segment.runPageCount - 1).keys
    let first = firstRecord { fences.compare(0, recordKeys, $0) <= 0 }
    let end = firstRecord { last.compare(last.count - 1, recordKeys, $0) < 0 }
    return Int(recordStarts[first])..<Int(recordStarts[max(first, end)])
  }

  /// The first record for which `holds`, which turns true once, is true; their number if none is.
  private func firstRecord(where holds: (Int) -> Bool) -> Int {
    var (low, high) = (0, recordCount)
    while low < high {
      let middle = (low + high) / 2
      if holds(middle) { high = middle } else { low = middle + 1 }
    }
    return low
  }

  /// `entries` in some `count` ranges, a few for each core.
  ///
  /// They end where a segment's pages of records do, so that few pages are read for two of them. A
  /// record's labels may be in several ranges.
  func pieces(
    of entries: Range<Int>, at segment: SegmentReader, count: Int
  ) throws(HindcastError) -> [Range<Int>] {
    guard !entries.isEmpty else { return [] }
    let step = max(Self.leastPiece, (entries.count + count - 1) / count)
    var pieces: [Range<Int>] = []
    var start = entries.lowerBound
    for end in try pageStarts(in: segment, entries, count: count) + [entries.upperBound]
    where end - start >= step || end == entries.upperBound {
      // Where few records have most labels, pages alone would leave a core with all of them.
      let cuts = max(1, (end - start) / (2 * step))
      for part in 0..<cuts {
        let (from, to) = ((end - start) * part / cuts, (end - start) * (part + 1) / cuts)
        if to > from { pieces.append(start + from..<start + to) }
      }
      start = end
    }
    return pieces
  }

  /// Some `2 * count` entries at which a page of the segment's records begins.
  private func pageStarts(
    in segment: SegmentReader, _ entries: Range<Int>, count: Int
  ) throws(HindcastError) -> [Int] {
    let fences = try segment.fences()
    var starts: [Int] = []
    guard isSorted, fences.count > 1 else { return starts }
    for part in 1..<min(fences.count, 2 * count) {
      let fence = fences.count * part / min(fences.count, 2 * count)
      let record = firstRecord { fences.compare(fence, recordKeys, $0) <= 0 }
      let entry = Int(recordStarts[record])
      if entries.contains(entry), entry > starts.last ?? entries.lowerBound {
        starts.append(entry)
      }
    }
    return starts
  }

  private static let leastPiece = 2_048

  /// The records with labels in `entries`, each with those.
  func records(in entries: Range<Int>) -> RecordRanges {
    RecordRanges(starts: recordStarts, entries: entries)
  }
}

/// The records of a stretch of entries, in order: the number of each, and its labels there.
struct RecordRanges: Sequence, IteratorProtocol {
  private let starts: [Int32]
  private let entries: Range<Int>
  /// The records that are left.
  private(set) var records: Range<Int>

  /// - Parameter starts: ``ResolveInput/recordStarts``.
  init(starts: [Int32], entries: Range<Int>) {
    self.starts = starts
    self.entries = entries
    // From the last record that starts at or before the first entry.
    let first = Self.first(in: starts) { $0 > entries.lowerBound } - 1
    let last = Self.first(in: starts) { $0 >= entries.upperBound }
    records = entries.isEmpty ? 0..<0 : first..<last
  }

  private static func first(in starts: [Int32], where holds: (Int) -> Bool) -> Int {
    var (low, high) = (0, starts.count - 1)
    while low < high {
      let middle = (low + high) / 2
      if holds(Int(starts[middle])) { high = middle } else { low = middle + 1 }
    }
    return low
  }

  mutating func next() -> (record: Int, entries: Range<Int>)? {
    guard let record = records.first else { return nil }
    records.removeFirst()
    return (record, entries(of: record))
  }

  /// The labels of a record.
  func entries(of record: Int) -> Range<Int> {
    let first = Swift.max(entries.lowerBound, Int(starts[record]))
    return first..<Swift.min(entries.upperBound, Int(starts[record + 1]))
  }
}

/// The one table of a chunk, for all segments.
private final class SharedTable: Sendable {
  private let made = Mutex<RecordTable?>(nil)

  func table(_ input: ResolveInput) -> RecordTable {
    made.withLock { made in
      if let made { return made }
      let table = RecordTable(input)
      made = table
      return table
    }
  }
}

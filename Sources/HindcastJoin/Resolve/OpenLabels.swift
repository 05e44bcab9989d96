import HindcastCore

/// Which labels of a record a segment may still answer.
///
/// Segments are searched from the latest to the earliest, by their last event times. A label whose
/// best version so far is later than all of a segment's versions has its answer; one before all of
/// them has none there. In a history that arrives in the order of time, a label so meets few
/// segments.
struct OpenLabels: Sendable {
  /// The labels' bounds by entry.
  private let bounds: Buffer
  private let winners: Winners
  private let eventTimes: ClosedRange<Int64>
  /// Where each record's labels that have their answer begin, for the segments to come.
  private(set) var ends: OpenEnds

  /// - Parameters:
  ///   - bounds: the labels' event bounds, by entry.
  ///   - winners: what the segments before this one answered.
  ///   - eventTimes: the first and the last of the segment.
  ///   - ends: as the segment before this one left them.
  init(bounds: Buffer, winners: Winners, eventTimes: ClosedRange<Int64>, ends: OpenEnds) {
    self.bounds = bounds
    self.winners = winners
    self.eventTimes = eventTimes
    self.ends = ends
  }

  /// The next of `records` that has open labels, and their entries; nil if none is left.
  ///
  /// O(records passed by), and over all segments once the labels.
  mutating func next(of records: inout RecordRanges) -> RecordRanges.Element? {
    let buffer = bounds
    let bounds = buffer.span(of: Int64.self)
    while true {
      // The last open label of most records is before the segment's versions: so are all of them.
      records.move(to: ends.next(in: records.records, from: eventTimes.lowerBound))
      guard let (record, all) = records.next() else { return nil }
      var end = ends[record]
      while end > all.lowerBound, winners.isAfter(eventTimes.upperBound, end - 1) { end -= 1 }
      let last = end > all.lowerBound ? bounds[end - 1] : .min
      ends.set(record, end, last)
      if end > all.lowerBound, last >= eventTimes.lowerBound {
        return (record, start(of: all.lowerBound..<end, bounds)..<end)
      }
    }
  }

  /// Those of `entries` that are open, all of one record.
  ///
  /// A record's bounds ascend, and so do its winners' event times: a later label knows all that an
  /// earlier one does. O(log entries).
  func of(_ entries: Range<Int>) -> Range<Int> {
    let first = start(of: entries, bounds.span(of: Int64.self))
    var (low, high) = (first, entries.upperBound)
    while low < high {
      let middle = (low + high) / 2
      if winners.isAfter(eventTimes.upperBound, middle) { high = middle } else { low = middle + 1 }
    }
    return first..<low
  }

  /// The first of `entries` that is not before all of the segment's versions.
  private func start(of entries: Range<Int>, _ bounds: Span<Int64>) -> Int {
    var (low, high) = (entries.lowerBound, entries.upperBound)
    while low < high {
      let middle = (low + high) / 2
      if bounds[middle] < eventTimes.lowerBound { low = middle + 1 } else { high = middle }
    }
    return low
  }
}

/// Where the labels of each record of a piece begin that have their answer, whatever the segments
/// to come hold.
struct OpenEnds: Sendable {
  private var firstRecord = 0
  private var ends: [Int32] = []
  /// The bound of the last open label of each record; the least there is where none is open.
  private var lastBounds: [Int64] = []

  /// Of no records.
  init() {}

  /// No label of `records` has its answer yet.
  /// - Parameter bounds: the labels' event bounds, by entry.
  init(_ records: RecordRanges, bounds: Buffer) {
    let bounds = bounds.span(of: Int64.self)
    firstRecord = records.records.lowerBound
    ends.reserveCapacity(records.records.count)
    lastBounds.reserveCapacity(records.records.count)
    for (_, entries) in records {
      ends.append(Int32(entries.upperBound))
      lastBounds.append(bounds[entries.upperBound - 1])
    }
  }

  /// The first of `records` whose last open label is not before `bound`; their end if none is.
  func next(in records: Range<Int>, from bound: Int64) -> Int {
    var record = records.lowerBound
    while record < records.upperBound, lastBounds[record - firstRecord] < bound { record += 1 }
    return record
  }

  subscript(record: Int) -> Int { Int(ends[record - firstRecord]) }

  mutating func set(_ record: Int, _ end: Int, _ lastBound: Int64) {
    ends[record - firstRecord] = Int32(end)
    lastBounds[record - firstRecord] = lastBound
  }
}

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

  /// - Parameters:
  ///   - bounds: the labels' event bounds, by entry.
  ///   - winners: what the segments before this one answered.
  ///   - eventTimes: the first and the last of the segment.
  init(bounds: Buffer, winners: Winners, eventTimes: ClosedRange<Int64>) {
    self.bounds = bounds
    self.winners = winners
    self.eventTimes = eventTimes
  }

  /// The next of `records` that has open labels, and their entries; nil if none is left.
  ///
  /// O(records passed by).
  func next(of records: inout RecordRanges) -> RecordRanges.Element? {
    let bounds = bounds.span(of: Int64.self)
    while let (record, all) = records.next() {
      // A label before the segment's versions, and one answered after them, settle most records.
      if bounds[all.upperBound - 1] < eventTimes.lowerBound { continue }
      if winners.isAfter(eventTimes.upperBound, all.lowerBound) { continue }
      let entries = of(all)
      if !entries.isEmpty { return (record, entries) }
    }
    return nil
  }

  /// Those of `entries` that are open, all of one record.
  ///
  /// A record's bounds ascend, and so do its winners' event times: a later label knows all that an
  /// earlier one does. O(log entries).
  func of(_ entries: Range<Int>) -> Range<Int> {
    let bounds = bounds.span(of: Int64.self)
    var (low, high) = (entries.lowerBound, entries.upperBound)
    while low < high {
      let middle = (low + high) / 2
      if bounds[middle] < eventTimes.lowerBound { low = middle + 1 } else { high = middle }
    }
    let first = low
    high = entries.upperBound
    while low < high {
      let middle = (low + high) / 2
      if winners.isAfter(eventTimes.upperBound, middle) { high = middle } else { low = middle + 1 }
    }
    return first..<low
  }
}

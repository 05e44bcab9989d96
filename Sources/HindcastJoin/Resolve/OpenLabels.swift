import HindcastCore
import HindcastFormat

/// Which labels of a piece the segments to come may still answer.
///
/// Segments are searched from the latest to the earliest, by their last event times. A label whose
/// best version so far is later than all of a segment's versions has its answer; one before all of
/// them has none there. In a history that arrives in the order of time, a label so meets few
/// segments.
struct OpenLabels: Sendable {
  private let firstRecord: Int
  /// The entry behind each record's last open label.
  private var ends: [Int32] = []
  /// The bound of each record's last open label; the least there is where none is open.
  private var lastBounds: [Int64] = []

  /// All labels of `records` are open.
  ///
  /// O(records).
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

  /// Moves those of `records` to `wanted` whose last open label is not before `earliest`.
  ///
  /// O(records), without a branch that depends on one: which are open is no pattern that a
  /// processor could guess.
  func take(_ records: Range<Int>, from earliest: Int64, into wanted: inout [Int]) {
    let lasts = lastBounds.span
    var count = wanted.count
    wanted.append(contentsOf: repeatElement(0, count: records.count))
    var target = wanted.mutableSpan
    for record in records {
      target[count] = record
      count &+= 1 &- isLess(lasts[record &- firstRecord], earliest)
    }
    wanted.removeLast(wanted.count - count)
  }

  /// The entry behind the last open label of a record.
  func end(of record: Int) -> Int { Int(ends[record - firstRecord]) }

  /// The bound of a record's last open label; the least there is if none is open.
  func lastBound(of record: Int) -> Int64 { lastBounds[record - firstRecord] }

  /// Closes a record's labels from entry `end` on.
  /// - Parameter lastBound: the bound of the last that is open then.
  mutating func close(_ record: Int, from end: Int, lastBound: Int64) {
    ends[record - firstRecord] = Int32(end)
    lastBounds[record - firstRecord] = lastBound
  }
}

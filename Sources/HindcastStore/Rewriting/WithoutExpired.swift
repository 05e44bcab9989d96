import HindcastCore

/// Sorted rows without the versions that a horizon gives up (rule S4).
///
/// Let H be the horizon. A version v of a record goes if a later version w of it, in order O1, has
/// an event time of at most H and, where the group has a created time, one that is not null and at
/// most H. Then v wins for no label whose effective bound b (its time less the delay, less a little
/// more if strict) and knowledge time k are both at least H:
///
/// - w is a candidate (A1): its event time is at most H <= b, its created time is known and at most
///   H <= k. Under `--known-late` the second condition falls away, and w is one all the more.
/// - The winner is the last candidate in order O1 (A2), and w comes after v: v is not it.
/// - Deletion, max age and values are those of the winner alone (A2 to A4), so that they are the
///   same without v, whatever the max age. That holds for tombstones as well, v or w.
/// - If w goes too, it is because of some w' after it of which the same is true. Orders are finite:
///   the last of these stays.
/// - A label's time is never below its bound, since delays are not negative: k >= b, so that b >= H
///   is all that is asked of a label.
///
/// As the versions of a record come in order O1, those before the last such w go: one stretch at
/// the start of each record.
final class WithoutExpired: BatchSource {
  private let source: any BatchSource
  private var records: RecordStarts
  private var rowsLeft = 0
  private var rowsToDrop = 0

  /// - Parameter times: the same rows in the same order, whose features are not looked at.
  init(_ source: any BatchSource, times: any BatchSource, horizon: Int64) {
    self.source = source
    records = RecordStarts(source: times, horizon: horizon)
  }

  func next() throws(HindcastError) -> VersionBatch? {
    while let batch = try source.next() {
      var rows: [UInt32] = []
      rows.reserveCapacity(batch.count)
      var row = 0
      while row < batch.count {
        if rowsLeft == 0 { (rowsLeft, rowsToDrop) = try records.next() }
        let count = min(rowsLeft, batch.count - row)
        let dropped = min(rowsToDrop, count)
        for kept in row + dropped..<row + count { rows.append(UInt32(kept)) }
        rowsLeft -= count
        rowsToDrop -= dropped
        row += count
      }
      if rows.count == batch.count { return batch }
      if !rows.isEmpty { return try batch.gather(rows.span) }
    }
    return nil
  }
}

/// Looks ahead in sorted rows, a record at a time: how many versions it has, and how many of them a
/// horizon gives up.
private struct RecordStarts {
  private let source: any BatchSource
  private let horizon: Int64
  private var batch: VersionBatch?
  private var row = 0

  init(source: any BatchSource, horizon: Int64) {
    self.source = source
    self.horizon = horizon
  }

  /// The next record's versions, and those before the last that wins from the horizon on.
  mutating func next() throws(HindcastError) -> (count: Int, dropped: Int) {
    if batch == nil { batch = try source.next() }
    guard let first = batch else {
      throw HindcastError(.corrupt, "the times of segments end before their rows do")
    }
    let start = row
    var (count, dropped) = (0, 0)
    while let current = batch {
      let times = current.eventTimes.span(of: Int64.self)
      while row < current.count, current.keys.compare(row, first.keys, start) == 0 {
        if times[row] <= horizon, isKnown(current, row) { dropped = count }
        count += 1
        row += 1
      }
      if row < current.count { break }
      batch = try source.next()
      row = 0
    }
    return (count, dropped)
  }

  private func isKnown(_ batch: VersionBatch, _ row: Int) -> Bool {
    guard let created = batch.createdTimes else { return true }
    return !created.isNull(row) && created.fixed.span(of: Int64.self)[row] <= horizon
  }
}

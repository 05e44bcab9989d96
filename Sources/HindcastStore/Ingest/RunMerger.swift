import HindcastCore

/// Merges sorted runs into one.
///
/// Runs are given in order of arrival: where rows are equal, those of the earlier run come first.
final class RunMerger: BatchSource {
  private var cursors: [Cursor] = []
  private var heads: [Head] = []
  private let rowsPerBatch: Int
  /// The runs' batches that the batch being made takes rows from.
  private var parts: [VersionBatch] = []

  /// About the bytes of a batch at most: rows count as the mean of those they came with.
  private static let bytesPerBatch = 8 << 20

  /// One run's current batch, and the next row of it.
  private final class Cursor {
    let source: any BatchSource
    var batch: VersionBatch {
      didSet { bytesPerRow = batch.byteCount / batch.count }
    }
    private(set) var bytesPerRow: Int
    var row = 0
    /// Its batch's place among the parts.
    var part = 0

    init(_ source: any BatchSource, _ batch: VersionBatch) {
      self.source = source
      self.batch = batch
      bytesPerRow = batch.byteCount / batch.count
    }
  }

  /// What a run's next row is compared by.
  private struct Head {
    let run: Int
    let prefix: UInt64
    let eventTime: Int64
  }

  init(_ runs: [any BatchSource], rowsPerBatch: Int = 65_536) throws(HindcastError) {
    self.rowsPerBatch = rowsPerBatch
    for run in runs {
      guard let batch = try run.next() else { continue }
      cursors.append(Cursor(run, batch))
    }
    for run in cursors.indices { heads.append(head(run)) }
    for index in heads.indices.reversed() { siftDown(index) }
  }

  func next() throws(HindcastError) -> VersionBatch? {
    guard let first = heads.first else { return nil }
    defer { parts = [] }
    if heads.count == 1 { return try nextOfLast(cursors[first.run]) }
    for head in heads { addPart(cursors[head.run]) }
    let places = try pick().freeze()
    return try .gather(places.span(of: RowPlace.self), from: parts)
  }

  /// The rows of the only run that is left, as they are.
  private func nextOfLast(_ cursor: Cursor) throws(HindcastError) -> VersionBatch {
    let rows = cursor.row..<min(cursor.batch.count, cursor.row + rowsPerBatch)
    let batch = cursor.batch.slice(rows)
    cursor.row = rows.upperBound
    if cursor.row == cursor.batch.count { try refill(cursor) }
    return batch
  }

  private func addPart(_ cursor: Cursor) {
    cursor.part = parts.count
    parts.append(cursor.batch)
  }

  /// The places of the next batch's rows, in order.
  ///
  /// Memory: what it takes is bounded by the batch's own limits and a batch of each run.
  private func pick() throws(HindcastError) -> MutableBuffer {
    var picks = MutableBuffer(capacity: 8 * rowsPerBatch)
    var (count, byteCount) = (0, 0)
    var streak = 16
    var lastRun = heads[0].run
    while count < rowsPerBatch, byteCount < Self.bytesPerBatch, !heads.isEmpty {
      let run = heads[0].run
      let cursor = cursors[run]
      streak = run == lastRun ? streak + 1 : 0
      lastRun = run
      var end = cursor.row + 1
      if streak >= 16 {
        if isFreeToEnd(cursor) {
          let room = min(
            rowsPerBatch - count, (Self.bytesPerBatch - byteCount) / cursor.bytesPerRow + 1)
          end = min(cursor.batch.count, cursor.row + room)
        } else {
          streak = 0
        }
      }
      for row in cursor.row..<end { picks.append(RowPlace(batch: cursor.part, row: row)) }
      count += end - cursor.row
      byteCount += (end - cursor.row) * cursor.bytesPerRow
      cursor.row = end
      if end < cursor.batch.count {
        heads[0] = head(run)
        siftDown(0)
      } else {
        try refill(cursor)
      }
    }
    return picks
  }

  /// Whether all rows left in the first run's batch come before those of any other run.
  private func isFreeToEnd(_ cursor: Cursor) -> Bool {
    guard heads.count > 1 else { return true }
    let second = heads.count > 2 && comesBefore(heads[2], heads[1]) ? heads[2].run : heads[1].run
    let other = cursors[second]
    let order = VersionOrder.compare(
      cursor.batch, cursor.batch.count - 1, other.batch, other.row)
    return order != 0 ? order < 0 : heads[0].run < second
  }

  private func refill(_ cursor: Cursor) throws(HindcastError) {
    if let batch = try cursor.source.next() {
      cursor.batch = batch
      cursor.row = 0
      addPart(cursor)
      heads[0] = head(heads[0].run)
    } else {
      heads.swapAt(0, heads.count - 1)
      heads.removeLast()
    }
    siftDown(0)
  }

  private func head(_ run: Int) -> Head {
    let cursor = cursors[run]
    let (prefixes, times) = (cursor.batch.keys.prefixes, cursor.batch.eventTimes)
    return Head(
      run: run, prefix: prefixes.span(of: UInt64.self)[cursor.row],
      eventTime: times.span(of: Int64.self)[cursor.row])
  }

  private func comesBefore(_ a: Head, _ b: Head) -> Bool {
    if a.prefix != b.prefix { return a.prefix < b.prefix }
    let (x, y) = (cursors[a.run], cursors[b.run])
    if x.batch.keys.heap == nil, a.eventTime != b.eventTime { return a.eventTime < b.eventTime }
    let order = VersionOrder.compare(x.batch, x.row, y.batch, y.row)
    return order != 0 ? order < 0 : a.run < b.run
  }

  private func siftDown(_ index: Int) {
    var index = index
    while true {
      let (left, right) = (2 * index + 1, 2 * index + 2)
      var least = index
      if left < heads.count, comesBefore(heads[left], heads[least]) { least = left }
      if right < heads.count, comesBefore(heads[right], heads[least]) { least = right }
      if least == index { return }
      heads.swapAt(index, least)
      index = least
    }
  }
}

import HindcastCore

/// Merges sorted runs into one.
///
/// Runs are given in order of arrival: where rows are equal, those of the earlier run come first.
final class RunMerger: BatchSource {
  private var cursors: [Cursor] = []
  private var heads: [Head] = []
  private let rowsPerBatch: Int

  /// One run's current batch, and the next row of it.
  private final class Cursor {
    let source: any BatchSource
    var batch: VersionBatch
    var row = 0
    /// The first row that goes into the batch being made.
    var start = 0

    init(_ source: any BatchSource, _ batch: VersionBatch) {
      self.source = source
      self.batch = batch
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

  /// Ends a batch where a run's own batch ends, so that no more than one of each is in memory.
  func next() throws(HindcastError) -> VersionBatch? {
    guard !heads.isEmpty else { return nil }
    for cursor in cursors { cursor.start = cursor.row }
    let picks = pick()
    let batch = try assemble(picks)
    let first = cursors[heads[0].run]
    if first.row == first.batch.count { try refill(first) }
    return batch
  }

  /// The runs and rows of the next batch, in order.
  private func pick() -> [(run: UInt32, row: UInt32)] {
    var picks: [(run: UInt32, row: UInt32)] = []
    picks.reserveCapacity(rowsPerBatch)
    var streak = 16
    var lastRun = heads[0].run
    while picks.count < rowsPerBatch {
      let run = heads[0].run
      let cursor = cursors[run]
      streak = run == lastRun ? streak + 1 : 0
      lastRun = run
      if streak >= 16, isFreeToEnd(cursor) {
        let end = min(cursor.batch.count, cursor.row + rowsPerBatch - picks.count)
        for row in cursor.row..<end { picks.append((UInt32(run), UInt32(row))) }
        cursor.row = end
      } else {
        if streak >= 16 { streak = 0 }
        picks.append((UInt32(run), UInt32(cursor.row)))
        cursor.row += 1
      }
      guard cursor.row < cursor.batch.count else { break }
      heads[0] = head(run)
      siftDown(0)
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

  private func assemble(
    _ picks: [(run: UInt32, row: UInt32)]
  ) throws(HindcastError) -> VersionBatch {
    let used = cursors.indices.filter { cursors[$0].row > cursors[$0].start }
    if used.count == 1 {
      let cursor = cursors[used[0]]
      return cursor.batch.slice(cursor.start..<cursor.row)
    }
    let rows = VersionAccumulator(like: cursors[used[0]].batch)
    var shifts = [Int](repeating: 0, count: cursors.count)
    for run in used {
      let cursor = cursors[run]
      shifts[run] = rows.count - cursor.start
      rows.append(cursor.batch, rows: cursor.start..<cursor.row)
    }
    var order = MutableBuffer(byteCount: 4 * picks.count)
    var target = order.mutableSpan(of: UInt32.self)
    for index in picks.indices {
      let pick = picks[index]
      target[index] = UInt32(truncatingIfNeeded: Int(pick.row) &+ shifts[Int(pick.run)])
    }
    return try rows.finish().gather(order.span(of: UInt32.self))
  }

  private func refill(_ cursor: Cursor) throws(HindcastError) {
    if let batch = try cursor.source.next() {
      cursor.batch = batch
      cursor.row = 0
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

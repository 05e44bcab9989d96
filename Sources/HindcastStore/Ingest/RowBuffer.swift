import HindcastCore

/// Rows in order of arrival, until there are enough to sort.
final class RowBuffer {
  private var rows: VersionAccumulator?
  private var last: VersionBatch?
  private var isSorted = true

  /// The number of rows.
  var count: Int { rows?.count ?? 0 }

  /// The memory that the rows take, and sorting them.
  var byteCount: Int { (rows?.byteCount ?? 0) + count * 36 }

  func hasRoom(for batch: VersionBatch) -> Bool { rows?.hasRoom(for: batch) ?? true }

  /// Adds rows.
  ///
  /// O(rows x columns + bytes).
  func append(_ batch: VersionBatch) {
    guard batch.count > 0 else { return }
    if isSorted {
      isSorted = VersionOrder.isSorted(batch)
      if let last, VersionOrder.compare(last, last.count - 1, batch, 0) > 0 { isSorted = false }
      last = VersionBatch(
        keys: batch.keys, eventTimes: batch.eventTimes, createdTimes: batch.createdTimes,
        features: [])
    }
    let rows = self.rows ?? VersionAccumulator(like: batch)
    rows.append(batch, rows: 0..<batch.count)
    self.rows = rows
  }

  /// All rows in segment order; the buffer is empty then.
  ///
  /// A batch aims at `bytesPerBatch` and has at most 65,536 rows.
  func takeSorted(bytesPerBatch: Int) -> MemoryRun? {
    guard let rows, rows.count > 0 else { return nil }
    let bytesPerRow = max(1, rows.byteCount / rows.count)
    let batch = rows.finish()
    let order = isSorted ? nil : VersionOrder.order(batch)
    isSorted = true
    last = nil
    return MemoryRun(
      batch, order: order, rowsPerBatch: min(65_536, max(1, bytesPerBatch / bytesPerRow)))
  }
}

import HindcastCore

/// Rows in order of arrival, until there are enough to sort.
final class RowBuffer {
  private var batches: [VersionBatch] = []
  /// Batches too small to be kept one by one, joined.
  private var small: VersionAccumulator?
  private var last: VersionBatch?
  private var isSorted = true
  private var largeByteCount = 0
  /// The number of rows.
  private(set) var count = 0

  /// A batch of so many rows is kept as it is.
  private static let largeRowCount = 4_096
  /// About the bytes that sorting takes for a row.
  private static let sortingBytes = 60

  /// The memory that the rows take, and sorting them.
  var byteCount: Int { largeByteCount + (small?.byteCount ?? 0) + count * Self.sortingBytes }

  func hasRoom(for batch: VersionBatch) -> Bool { count + batch.count <= Int(UInt32.max) }

  /// Adds rows; those of a large batch are not copied, which keeps their memory.
  ///
  /// O(rows x columns + bytes).
  func append(_ batch: VersionBatch) {
    guard batch.count > 0 else { return }
    if isSorted {
      isSorted = VersionOrder.isSorted(batch)
      if let last, VersionOrder.compare(last, last.count - 1, batch, 0) > 0 { isSorted = false }
      last = batch.withoutFeatures
    }
    count += batch.count
    if batch.count >= Self.largeRowCount {
      joinSmall()
      keep(batch)
    } else {
      appendSmall(batch)
    }
  }

  /// All rows; the buffer is empty then.
  func take() -> UnsortedRows {
    joinSmall()
    let rows = UnsortedRows(batches: batches, isSorted: isSorted, byteCount: largeByteCount)
    (batches, last, isSorted, largeByteCount, count) = ([], nil, true, 0, 0)
    return rows
  }

  private func appendSmall(_ batch: VersionBatch) {
    if let small, !small.hasRoom(for: batch) || small.count >= 65_536 { joinSmall() }
    let rows = small ?? VersionAccumulator(like: batch)
    rows.append(batch, rows: 0..<batch.count)
    small = rows
  }

  private func joinSmall() {
    if let joined = small.take()?.finish() { keep(joined) }
  }

  private func keep(_ batch: VersionBatch) {
    batches.append(batch)
    largeByteCount += batch.byteCount
  }
}

/// Rows of batches in order of arrival.
struct UnsortedRows {
  let batches: [VersionBatch]
  /// Whether they are in segment order, too.
  let isSorted: Bool
  let byteCount: Int

  /// The rows in segment order; nil if there are none.
  ///
  /// A batch aims at `bytesPerBatch` and has at most 65,536 rows.
  func sorted(bytesPerBatch: Int) -> MemoryRun? {
    let count = batches.reduce(0) { $0 + $1.count }
    guard count > 0 else { return nil }
    let rowsPerPiece = min(65_536, max(1, bytesPerBatch / max(1, byteCount / count)))
    return MemoryRun(batches, isSorted: isSorted, rowsPerPiece: rowsPerPiece)
  }
}

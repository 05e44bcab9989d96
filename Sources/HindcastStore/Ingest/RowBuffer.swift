import HindcastCore
import Synchronization

/// Rows in order of arrival, until there are enough to write.
final class RowBuffer {
  /// Puts batches in order while others come in.
  private let sorting: Lanes
  private let sorted = SortedBatches()
  /// Batches too small to be kept one by one, joined.
  private var small: VersionAccumulator?
  private var largeByteCount = 0
  /// The number of rows.
  private(set) var count = 0

  /// A batch of so many rows is kept by itself.
  private static let largeRowCount = 4_096
  /// So many batches may wait to be sorted.
  private static let waitingCount = 4

  /// The batches that are sorted, which come one after the other.
  private final class SortedBatches: Sendable {
    private let batches = Mutex<[VersionBatch]>([])

    func append(_ batch: VersionBatch) { batches.withLock { $0.append(batch) } }

    func take() -> [VersionBatch] {
      batches.withLock { batches in
        defer { batches = [] }
        return batches
      }
    }
  }

  /// - Parameter overlaps: whether to sort batches on a thread of its own.
  init(overlaps: Bool) {
    sorting = Lanes(threads: 1, overlaps: overlaps)
  }

  /// The memory that the rows take.
  var byteCount: Int { largeByteCount + (small?.byteCount ?? 0) }

  func hasRoom(for batch: VersionBatch) -> Bool { count + batch.count <= Int(UInt32.max) }

  /// Adds rows.
  ///
  /// O(rows x (columns + digits that differ) + bytes).
  func append(_ batch: VersionBatch) throws(HindcastError) {
    guard batch.count > 0 else { return }
    count += batch.count
    if batch.count >= Self.largeRowCount {
      try joinSmall()
      try keep(batch)
    } else {
      try appendSmall(batch)
    }
  }

  /// All rows; the buffer is empty then.
  func take() throws(HindcastError) -> BufferedRows {
    try joinSmall()
    try sorting.wait()
    defer { (largeByteCount, count) = (0, 0) }
    return BufferedRows(batches: sorted.take(), byteCount: largeByteCount)
  }

  private func appendSmall(_ batch: VersionBatch) throws(HindcastError) {
    if let small, !small.hasRoom(for: batch) || small.count >= 65_536 { try joinSmall() }
    let rows = small ?? VersionAccumulator(like: batch)
    rows.append(batch, rows: 0..<batch.count)
    small = rows
  }

  private func joinSmall() throws(HindcastError) {
    if let joined = small.take()?.finish() { try keep(joined) }
  }

  /// Rows are put in order within their batch while it is in the processor's caches.
  private func keep(_ batch: VersionBatch) throws(HindcastError) {
    largeByteCount += batch.byteCount
    sorting.add { [sorted] () throws(HindcastError) in
      sorted.append(try VersionOrder.sorted(batch))
    }
    try sorting.wait(exceptLast: Self.waitingCount)
  }
}

/// Batches in order of arrival, the rows of each in segment order.
struct BufferedRows {
  let batches: [VersionBatch]
  let byteCount: Int

  /// The row that comes first in segment order, without its features; nil if there is none.
  ///
  /// O(batches).
  var first: VersionBatch? {
    let filled = batches.filter { $0.count > 0 }
    return filled.min { VersionOrder.compare($0, 0, $1, 0) < 0 }?.withoutFeatures.slice(0..<1)
  }

  /// The rows in segment order; nil if there are none.
  ///
  /// A batch aims at `bytesPerBatch` and at no more than 65,536 rows.
  func sorted(bytesPerBatch: Int) -> MemoryRun? {
    let count = batches.reduce(0) { $0 + $1.count }
    guard count > 0 else { return nil }
    let rowsPerPiece = min(65_536, max(1, bytesPerBatch / max(1, byteCount / count)))
    return MemoryRun(batches, rowsPerPiece: rowsPerPiece)
  }
}

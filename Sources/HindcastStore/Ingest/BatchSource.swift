import HindcastCore

/// Sorted rows, a batch at a time.
protocol BatchSource: AnyObject {
  /// The next rows in segment order, at least one; nil at the end.
  func next() throws(HindcastError) -> VersionBatch?
}

/// Sorted rows in memory.
final class MemoryRun: BatchSource {
  private let batch: VersionBatch
  private let order: Buffer?
  private let rowsPerBatch: Int
  private var row = 0

  /// Rows of a batch; `order` nil if they are in order.
  init(_ batch: VersionBatch, order: Buffer?, rowsPerBatch: Int) {
    self.batch = batch
    self.order = order
    self.rowsPerBatch = rowsPerBatch
  }

  func next() throws(HindcastError) -> VersionBatch? {
    guard row < batch.count else { return nil }
    let range = row..<min(batch.count, row + rowsPerBatch)
    row = range.upperBound
    guard let order else { return batch.slice(range) }
    return try batch.gather(order.span(of: UInt32.self).extracting(range))
  }
}

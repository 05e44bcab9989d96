/// A row of one of several batches.
package struct RowPlace: BitwiseCopyable, Sendable {
  /// Which batch.
  package var batch: UInt32
  /// Which row of it.
  package var row: UInt32

  /// Creates a place.
  package init(batch: Int, row: Int) {
    self.batch = UInt32(truncatingIfNeeded: batch)
    self.row = UInt32(truncatingIfNeeded: row)
  }
}

import HindcastCore

/// Writes the run grid: a key and an end for each record, and a fence for each page of them.
final class RunWriter {
  /// log2 of the runs in a page.
  static let rowShift = 10

  private let keys: ColumnWriter
  private let ends: ColumnWriter
  private let fences: ColumnWriter
  private var runCount = 0

  init(keys: ColumnWriter, ends: ColumnWriter, fences: ColumnWriter) {
    self.keys = keys
    self.ends = ends
    self.fences = fences
  }

  var columns: [ColumnWriter] { [keys, ends, fences] }

  /// Adds the runs that start at rows `starts` (`Int`) of a batch whose first row is `firstRow`.
  func append(_ batch: KeyVector, starts: Buffer, firstRow: Int) throws(HindcastError) {
    let starts = starts.span(of: Int.self)
    for index in starts.indices {
      let row = starts[index]
      if runCount > 0 { try ends.append(UInt64(firstRow + row)) }
      let isFence = runCount & (1 << Self.rowShift - 1) == 0
      runCount += 1
      try append(batch, row, isFence: isFence)
    }
  }

  /// Closes the last run; returns the number of runs.
  func finish(rowCount: Int) throws(HindcastError) -> Int {
    if runCount > 0 { try ends.append(UInt64(rowCount)) }
    return runCount
  }

  private func append(_ batch: KeyVector, _ row: Int, isFence: Bool) throws(HindcastError) {
    guard let heap = batch.heap else {
      let word = batch.prefixes.span(of: UInt64.self)[row]
      try keys.append(word)
      if isFence { try fences.append(word) }
      return
    }
    let offsets = heap.offsets.span(of: Int.self)
    let key = heap.bytes.bytes.extracting(offsets[row]..<offsets[row + 1])
    guard key.byteCount <= Limits.keyByteCount else {
      throw HindcastError(
        .limitExceeded,
        "a record identifier takes \(key.byteCount) bytes; the limit is \(Limits.keyByteCount)")
    }
    try keys.append(bytes: key)
    if isFence { try fences.append(bytes: key) }
  }
}

import HindcastCore

/// Writes the run grid: a key and an end for each record, and a fence for each page of them.
final class RunWriter {
  /// log2 of the runs in a page.
  static let rowShift = 10

  private let keys: ColumnWriter
  private let ends: ColumnWriter
  private let fences: ColumnWriter
  /// Nil for word keys.
  private let filters: ColumnWriter?
  private var filter = RunFilter()
  private var runCount = 0

  init(
    keys: ColumnWriter, ends: ColumnWriter, fences: ColumnWriter, filters: ColumnWriter?
  ) {
    self.keys = keys
    self.ends = ends
    self.fences = fences
    self.filters = filters
  }

  /// The columns that there are so far: a segment without records has no filter.
  var columns: [ColumnWriter] {
    [keys, ends, fences] + (runCount > 0 ? [filters].compactMap { $0 } : [])
  }

  /// Adds the runs that start at rows `starts` (`Int`) of a batch whose first row is `firstRow`.
  func append(_ batch: KeyVector, starts: Buffer, firstRow: Int) throws(HindcastError) {
    let starts = starts.span(of: Int.self)
    for index in starts.indices {
      let row = starts[index]
      if runCount > 0 { try ends.append(UInt64(firstRow + row)) }
      let isFence = runCount & (1 << Self.rowShift - 1) == 0
      if isFence, runCount > 0 { try finishFilter() }
      runCount += 1
      try append(batch, row, isFence: isFence)
    }
  }

  /// Closes the last run; returns the number of runs.
  func finish(rowCount: Int) throws(HindcastError) -> Int {
    if runCount > 0 {
      try ends.append(UInt64(rowCount))
      try finishFilter()
    }
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
    filter.insert(key)
    if isFence { try fences.append(bytes: key) }
  }

  /// Writes the filter of the run page that is full.
  private func finishFilter() throws(HindcastError) {
    guard let filters else { return }
    let blocks = filter.column()
    try filters.append(blocks, 0..<blocks.count)
    filter = RunFilter()
  }
}

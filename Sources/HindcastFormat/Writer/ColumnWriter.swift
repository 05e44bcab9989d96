import HindcastCore

/// Writes one stored column: gathers rows to pages, encodes and compresses them, and keeps their
/// directory.
///
/// Holds one page, one directory block, and 24 bytes for each block written.
final class ColumnWriter {
  private let sink: PieceWriter
  private let compressor: PageCompressor
  private let stage: PageStage
  private var entry: ColumnEntry
  private var block = MutableBuffer()
  private var root = MutableBuffer()

  /// Pages whose entries share a directory block: 4 KiB of plain entries.
  private static let blockShift = 7

  init(
    _ kind: ColumnEntry.Kind, fieldID: UInt32 = 0, type: DataType, rowShift: Int,
    hasZones: Bool, sink: PieceWriter, compressor: PageCompressor
  ) {
    self.sink = sink
    self.compressor = compressor
    stage = PageStage(type: type)
    entry = ColumnEntry(
      fieldID: fieldID, kind: kind, rowShift: rowShift, hasZones: hasZones,
      blockShift: Self.blockShift, rowCount: 0, pageCount: 0, nullCount: 0, storedByteCount: 0,
      root: .none)
  }

  var rowsPerPage: Int { entry.rowsPerPage }

  /// Adds rows of a column.
  func append(_ column: Column, _ rows: Range<Int>) throws(HindcastError) {
    var start = rows.lowerBound
    while start < rows.upperBound {
      let end = min(rows.upperBound, start + rowsPerPage - stage.count)
      try stage.append(column, start..<end)
      try flushIfFull()
      start = end
    }
  }

  /// Adds one number.
  func append(_ value: UInt64) throws(HindcastError) {
    stage.append(value)
    try flushIfFull()
  }

  /// Adds one byte string.
  func append(bytes: RawSpan) throws(HindcastError) {
    try stage.append(bytes: bytes)
    try flushIfFull()
  }

  /// Adds rows of a bool column that are all false.
  func appendFalse(_ count: Int) throws(HindcastError) {
    var rest = count
    while rest > 0 {
      let step = min(rest, rowsPerPage - stage.count)
      stage.appendFalse(step)
      try flushIfFull()
      rest -= step
    }
  }

  /// Writes what waits, the last block and the root; returns the column's directory entry.
  func finish() throws(HindcastError) -> ColumnEntry {
    if stage.count > 0 { try flushPage() }
    if block.byteCount > 0 { try flushBlock() }
    if root.byteCount > 0 { entry.root = try sink.write(root.span(of: UInt8.self).copied()) }
    return entry
  }

  private func flushIfFull() throws(HindcastError) {
    if stage.count == rowsPerPage { try flushPage() }
  }

  private func flushPage() throws(HindcastError) {
    let page = stage.take()
    var nodes = MutableBuffer(capacity: 16 << 10)
    NodeWriter().writeColumn(page, to: &nodes)
    let content = nodes.freeze()
    guard content.byteCount <= Limits.contentByteCount else {
      throw HindcastError(
        .limitExceeded,
        "a page takes more than 288 MiB: give the writer sizes of all of the data")
    }
    let (stored, codec) = compressor.compress(content)
    let piece = try sink.write(stored)
    let zone = entry.hasZones ? pageZone(page) : (0, 0)
    let pageEntry = PageEntry(
      piece: piece, contentByteCount: content.byteCount, nullCount: page.nullCount,
      codec: codec.rawValue, minimum: zone.0, maximum: zone.1)
    pageEntry.write(to: &block, hasZones: entry.hasZones)
    entry.rowCount += page.count
    entry.nullCount += page.nullCount
    entry.storedByteCount += stored.byteCount
    entry.pageCount += 1
    if entry.pageCount & (1 << Self.blockShift - 1) == 0 { try flushBlock() }
  }

  private func flushBlock() throws(HindcastError) {
    let piece = try sink.write(block.span(of: UInt8.self).copied())
    piece.write(to: &root)
    block.resize(byteCount: 0)
  }
}

extension Span where Element == UInt8 {
  /// These bytes in a buffer of their own.
  fileprivate func copied() -> Buffer { Buffer(copying: self) }
}

/// Least and greatest value of a page of 8-byte numbers, as bits; zeros if all are null.
func pageZone(_ page: Column) -> (Int64, Int64) {
  guard page.nullCount < page.count else { return (0, 0) }
  if page.type == .uint64 {
    let zone = numberRange(of: page.fixed.span(of: UInt64.self), page)
    return (Int64(bitPattern: zone.0), Int64(bitPattern: zone.1))
  }
  return zoneRange(page)
}

private func numberRange<T: FixedWidthInteger>(of values: Span<T>, _ page: Column) -> (T, T) {
  var (low, high) = (T.max, T.min)
  for row in 0..<page.count where page.nullCount == 0 || !page.isNull(row) {
    low = min(low, values[row])
    high = max(high, values[row])
  }
  return (low, high)
}

/// Least and greatest of the `Int64` values that are not null, of which there must be one.
func zoneRange(_ column: Column) -> (Int64, Int64) {
  numberRange(of: column.fixed.span(of: Int64.self), column)
}

import HindcastCore

/// Writes one stored column: gathers rows to pages, encodes and compresses them, and keeps their
/// directory.
///
/// The rows of a page are settled when as many wait as a page can have at most: by the bytes that
/// they take encoded. Holds one page, one directory block, and 24 bytes for each block written.
///
/// One thread may write pages that it took while another encodes the next.
final class ColumnWriter {
  private let sink: PieceWriter
  /// Pages that wait to be taken.
  private var pages: [StoredPage] = []
  private let codec: PageCodec
  private let stage: PageStage
  private let nodes: NodeWriter
  /// The encoded bytes that a page aims at; nil once the rows of a page are settled.
  private var pageTarget: Int?
  private var entry: ColumnEntry
  // What the thread that writes pages has.
  private var block = MutableBuffer()
  private var root = MutableBuffer()
  private var pageCount = 0
  /// The bytes of the pages that were written.
  private(set) var storedByteCount = 0

  /// Pages whose entries share a directory block: 4 KiB of plain entries.
  private static let blockShift = 7

  init(
    _ kind: ColumnEntry.Kind, fieldID: UInt32 = 0, type: DataType, rows: PageRows,
    hasZones: Bool, sink: PieceWriter, codec: PageCodec, options: EncodingOptions,
    history: EncodingHistory?
  ) {
    self.sink = sink
    self.codec = codec
    stage = PageStage(type: type)
    nodes = NodeWriter(options: options, history: history)
    pageTarget = rows.byteTarget
    entry = ColumnEntry(
      fieldID: fieldID, kind: kind, rowShift: rows.greatestShift, hasZones: hasZones,
      blockShift: Self.blockShift, rowCount: 0, pageCount: 0, nullCount: 0, storedByteCount: 0,
      root: .none)
  }

  var rowsPerPage: Int { entry.rowsPerPage }

  /// Adds rows of a column.
  func append(_ column: Column, _ rows: Range<Int>) throws(HindcastError) {
    var start = rows.lowerBound
    while start < rows.upperBound {
      let end = min(rows.upperBound, start + rowsPerPage - stage.count)
      if end - start == rowsPerPage, let page = column.window(start..<end) {
        try flush(page)
      } else {
        try stage.append(column, start..<end)
        try flushIfFull()
      }
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

  /// The pages that became full, which are then the caller's to write.
  func takePages() -> [StoredPage] {
    defer { pages = [] }
    return pages
  }

  /// Writes pages, in the order in which they were taken.
  func write(_ pages: [StoredPage]) throws(HindcastError) {
    for page in pages {
      let piece = try sink.write(page.stored)
      page.entry(piece).write(to: &block, hasZones: entry.hasZones)
      storedByteCount += page.stored.byteCount
      pageCount += 1
      if pageCount & (1 << Self.blockShift - 1) == 0 { try flushBlock() }
    }
  }

  /// Writes what waits, the last block and the root; returns the column's directory entry.
  func finish() throws(HindcastError) -> ColumnEntry {
    // Settling the rows of a page may leave a rest.
    while stage.count > 0 { try flush(stage.take()) }
    try write(takePages())
    if block.byteCount > 0 { try flushBlock() }
    if root.byteCount > 0 { entry.root = try sink.write(root.span(of: UInt8.self).copied()) }
    entry.pageCount = pageCount
    entry.storedByteCount = storedByteCount
    return entry
  }

  private func flushIfFull() throws(HindcastError) {
    if stage.count == rowsPerPage { try flush(stage.take()) }
  }

  private func flush(_ rows: Column) throws(HindcastError) {
    let content = encode(rows)
    guard let target = pageTarget.take() else { return try write(rows, content) }
    while entry.rowShift > 0, content.byteCount << entry.rowShift > target * rows.count {
      entry.rowShift -= 1
    }
    if rows.count <= rowsPerPage { return try write(rows, content) }
    try append(rows, 0..<rows.count)
  }

  private func encode(_ page: Column) -> Buffer {
    var content = MutableBuffer(capacity: 16 << 10)
    nodes.writeColumn(page, to: &content)
    return content.freeze()
  }

  private func write(_ page: Column, _ content: Buffer) throws(HindcastError) {
    guard content.byteCount <= Limits.contentByteCount else {
      throw HindcastError(
        .limitExceeded,
        "a page takes more than 288 MiB: give the writer sizes of all of the data")
    }
    let packed = codec.pack(page, content)
    let zone = entry.hasZones ? pageZone(page) : (0, 0)
    pages.append(
      StoredPage(
        stored: packed.stored, contentByteCount: packed.contentByteCount,
        nullCount: page.nullCount, codec: packed.codec.rawValue, minimum: zone.0,
        maximum: zone.1))
    entry.rowCount += page.count
    entry.nullCount += page.nullCount
  }

  private func flushBlock() throws(HindcastError) {
    let piece = try sink.write(block.span(of: UInt8.self).copied())
    piece.write(to: &root)
    block.resize(byteCount: 0)
  }
}

/// A page that is encoded and compressed, before it has a place in the file.
struct StoredPage {
  let stored: Buffer
  fileprivate let contentByteCount: Int
  fileprivate let nullCount: Int
  fileprivate let codec: UInt8
  fileprivate let minimum: Int64
  fileprivate let maximum: Int64

  fileprivate func entry(_ piece: PieceReference) -> PageEntry {
    PageEntry(
      piece: piece, contentByteCount: contentByteCount, nullCount: nullCount, codec: codec,
      minimum: minimum, maximum: maximum)
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

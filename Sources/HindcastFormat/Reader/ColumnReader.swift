public import HindcastCore

/// Reads one stored column of a segment page by page.
///
/// Safe to share between threads.
public final class ColumnReader: Sendable {
  /// The type of the values.
  public let type: DataType
  /// The most rows that a page has.
  public static let mostRowsPerPage = 8192
  /// Rows in each page but the last: a power of two, 1...``mostRowsPerPage``.
  public let rowsPerPage: Int
  /// The number of pages.
  public let pageCount: Int
  /// The number of rows.
  public let rowCount: Int
  /// Rows that are null.
  public let nullCount: Int
  /// The bytes of all pages as they are stored.
  public let storedByteCount: Int

  private let entry: ColumnEntry
  let name: String
  private let source: SegmentSource
  private let directory: PageDirectory
  private let pageOrigin: Place.Origin
  private let slots: PageSlots

  init(_ entry: ColumnEntry, type: DataType, name: String, source: SegmentSource) {
    self.type = type
    rowsPerPage = entry.rowsPerPage
    pageCount = entry.pageCount
    rowCount = entry.rowCount
    nullCount = entry.nullCount
    storedByteCount = entry.storedByteCount
    self.entry = entry
    self.name = name
    self.source = source
    directory = PageDirectory(entry, type: type, name: name, source: source)
    pageOrigin = Place.Origin(file: source.file.path, section: "page", column: name)
    slots = PageSlots(pageCount: entry.pageCount)
  }

  deinit { slots.close() }

  var counters: ReadCounters { source.counters }

  /// log2 of ``rowsPerPage``, to find the page of a row with a shift.
  public var rowShift: Int { entry.rowShift }

  /// The decoded values of page `index`, which must exist.
  ///
  /// Reads at most two directory pieces, which are kept, and the page. O(rows in the page).
  /// - Throws: ``HindcastError`` with a `segment_` code if bytes are damaged, `io` if the device
  ///   fails.
  public func page(_ index: Int) throws(HindcastError) -> Column {
    return try decode(try pageOnce(index))
  }

  /// Calls `body` with the decoded values of each of `pages`, in order.
  ///
  /// For scans: pages that lie one after the other in the file are read together, and the cache is
  /// passed by. Holds up to 256 KiB of pages.
  /// - Throws: ``HindcastError`` as ``page(_:)``, and what `body` throws.
  public func forEachPage(
    _ pages: Range<Int>, _ body: (Int, Column) throws(HindcastError) -> Void
  ) throws(HindcastError) {
    var start = pages.lowerBound
    while start < pages.upperBound {
      var entries = [try directory.page(start)]
      var byteCount = entries[0].piece.byteCount
      while start + entries.count < pages.upperBound {
        let next = try directory.page(start + entries.count)
        byteCount += next.piece.byteCount
        guard next.piece.follows(entries[entries.count - 1].piece),
          byteCount <= Self.readAheadByteCount
        else { break }
        entries.append(next)
      }
      let stored = try source.read(entries.map(\.piece), "page", column: name)
      for (place, entry) in entries.enumerated() {
        let page = try open(start + place, entry, stored[place])
        let column = try decode(page)
        try checkNulls(page, entry)
        try body(start + place, column)
      }
      start += entries.count
    }
  }

  /// The most bytes that a scan reads in one go.
  private static let readAheadByteCount = 256 << 10

  private func decode(_ page: EncodedPage) throws(HindcastError) -> Column {
    counters.addValues(page.node.count)
    return try page.decode()
  }

  private func checkNulls(_ page: EncodedPage, _ entry: PageEntry) throws(HindcastError) {
    guard page.node.nullCount == entry.nullCount else {
      throw page.refusal(
        "the page has \(page.node.nullCount) nulls; its entry says \(entry.nullCount)")
    }
  }

  /// The range of page `index`; nil for columns without zone maps.
  ///
  /// Does not read the page.
  /// - Throws: ``HindcastError`` as ``page(_:)``.
  public func zone(_ index: Int) throws(HindcastError) -> Zone? {
    guard entry.hasZones else { return nil }
    let page = try directory.page(index)
    return Zone(
      min: page.minimum, max: page.maximum, nullCount: page.nullCount,
      hasValues: page.nullCount < entry.rowCount(ofPage: index))
  }

  /// How page `index` is stored, for people.
  ///
  /// `weighing` also tells what it was chosen against: decodes the page, and weighs its values as a
  /// writer does.
  /// - Throws: ``HindcastError`` as ``page(_:)``.
  public func describePage(
    _ index: Int, weighing: Bool = false
  ) throws(HindcastError) -> PageDescription {
    let entry = try directory.page(index)
    let page = try readPage(index)
    let weighed = weighing ? NodeWriter().candidates(try page.decode()) : []
    return PageDescription(
      encoding: page.node.description,
      codec: BlockCodec(rawValue: entry.codec)?.name ?? "unknown",
      rowCount: page.node.count, nullCount: entry.nullCount,
      byteOffset: entry.piece.offset, storedByteCount: entry.piece.byteCount,
      contentByteCount: entry.contentByteCount,
      weighed: weighed.map { ($0.name, $0.byteCount) })
  }

  func storedByteCount(ofPage index: Int) throws(HindcastError) -> Int {
    try directory.page(index).piece.byteCount
  }

  /// All pieces of this column: root, blocks and pages.
  func pieces() throws(HindcastError) -> [PieceReference] {
    guard pageCount > 0 else { return [] }
    var pieces = [entry.root]
    for block in 0..<entry.blockCount { pieces.append(try directory.blockReference(block)) }
    for index in 0..<pageCount { pieces.append(try directory.page(index).piece) }
    return pieces
  }

  /// Whether the next reads are likely to wait for a disk.
  public var mayWait: Bool { source.waits.areLikely }

  /// Whether reads have lately waited for the disk.
  var waits: ReadWaits { source.waits }

  /// Where page `index` lies in the file.
  func byteRange(ofPage index: Int) throws(HindcastError) -> Range<Int> {
    let piece = try directory.page(index).piece
    return piece.offset..<piece.offset + piece.byteCount
  }

  /// Tells the disk that bytes are going to be read.
  func willRead(_ bytes: Range<Int>) { source.file.willRead(bytes) }

  /// Page `index` if it is in the cache.
  func cachedPage(_ index: Int) -> EncodedPage? { slots.page(index) }

  /// What the directory says of page `index`.
  func pageEntry(_ index: Int) throws(HindcastError) -> PageEntry { try directory.page(index) }

  /// The pages from `first` on that have these entries and lie one after the other in the file.
  func readPages(_ first: Int, _ entries: [PageEntry]) throws(HindcastError) -> [EncodedPage] {
    let stored = try source.read(entries.map(\.piece), "page", column: name)
    var pages: [EncodedPage] = []
    for (place, entry) in entries.enumerated() {
      let page = try open(first + place, entry, stored[place])
      try checkNulls(page, entry)
      pages.append(page)
    }
    return pages
  }

  /// Page `index` from the cache, or read and not kept.
  func pageOnce(_ index: Int) throws(HindcastError) -> EncodedPage {
    if let page = slots.page(index) { return page }
    let entry = try directory.page(index)
    let page = try open(index, entry, try source.read(entry.piece, "page", column: name))
    try checkNulls(page, entry)
    return page
  }

  /// Page `index` for a look-up: from the cache, or read and kept there.
  func encodedPage(_ index: Int) throws(HindcastError) -> EncodedPage {
    if let page = slots.page(index) { return page }
    let page = try pageOnce(index)
    source.cache?.insert(page, at: index, of: slots)
    return page
  }

  /// Page `index`, its structure checked (steps 14 to 20).
  private func readPage(_ index: Int) throws(HindcastError) -> EncodedPage {
    let entry = try directory.page(index)
    return try open(index, entry, try source.read(entry.piece, "page", column: name))
  }

  private func open(
    _ index: Int, _ entry: PageEntry, _ stored: Buffer
  ) throws(HindcastError) -> EncodedPage {
    let place = Place(pageOrigin, byteOffset: entry.piece.offset)
    guard let codec = BlockCodec(rawValue: entry.codec),
      let content = codec.decompress(stored, byteCount: entry.contentByteCount)
    else {
      throw place.error(
        .segmentDecompressionFailed,
        "the page does not decompress to \(entry.contentByteCount) bytes")
    }
    counters.addPage()
    return try EncodedPage(
      content, type: type, count: self.entry.rowCount(ofPage: index),
      isNullable: self.entry.kind == .feature || self.entry.kind == .createdTime, place: place)
  }
}

/// The range of a page's values.
public struct Zone: Hashable, Sendable {
  /// The least value that is not null; for keys the bits of a `UInt64`.
  public var min: Int64
  /// The greatest value that is not null; for keys the bits of a `UInt64`.
  public var max: Int64
  /// Rows that are null.
  public var nullCount: Int
  /// Whether any row is not null; if not, `min` and `max` mean nothing.
  public var hasValues: Bool
}

/// How a page is stored.
public struct PageDescription: Sendable {
  /// The tree of encodings: `nullable(bitmap, dictionary[3](plain(constant), packed:2))`.
  public var encoding: String
  /// `none`, `lz4` or `zstd`.
  public var codec: String
  /// Rows in the page.
  public var rowCount: Int
  /// Rows that are null.
  public var nullCount: Int
  /// Where the page starts in the file.
  public var byteOffset: Int
  /// The bytes in the file.
  public var storedByteCount: Int
  /// The bytes after decompression, still encoded.
  public var contentByteCount: Int
  /// What a writer weighs for these values, and the bytes that each would take.
  ///
  /// Those of the values' node alone, without nulls and codec. Empty unless it was asked for.
  public var weighed: [(encoding: String, byteCount: Int)]
}

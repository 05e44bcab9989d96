public import HindcastCore

/// A page that was read, its values still encoded.
public struct FetchedPage {
  private let content: Content
  /// What stored values become; nil for what they are stored as.
  private var type: DataType?

  private enum Content {
    case encoded(EncodedPage, ReadCounters)
    /// Of a feature that the segment lacks: one row, which stands for all.
    case repeated(Column, count: Int)
  }

  fileprivate init(_ page: EncodedPage, _ counters: ReadCounters) {
    content = .encoded(page, counters)
  }

  /// A page of `count` rows that are all like one.
  init(repeating row: Column, count: Int) {
    content = .repeated(row, count: count)
  }

  /// The same page, its values widened.
  func widened(to type: DataType) -> FetchedPage {
    var page = self
    page.type = type
    return page
  }

  /// All values.
  /// - Throws: ``HindcastError`` (`segment_bad_page`) if its bytes are malformed.
  public func column() throws(HindcastError) -> Column {
    switch content {
    case .encoded(let page, let counters):
      counters.addValues(page.node.count)
      return widened(try page.decode())
    case .repeated(let row, let count): return try FeatureColumn.repeating(row, count: count)
    }
  }

  /// The values at `places`, which ascend and must be rows of the page.
  ///
  /// O(places) for encodings whose values are read by themselves.
  /// - Throws: ``HindcastError`` (`segment_bad_page`) if its bytes are malformed.
  public func take(_ places: Span<Int32>) throws(HindcastError) -> Column {
    switch content {
    case .encoded(let page, let counters):
      if let last = places.indices.last {
        precondition(places[0] >= 0 && places[last] < page.node.count, "the page has no such row")
      }
      counters.addValues(places.count)
      return widened(try page.take(places))
    case .repeated(let row, _): return try FeatureColumn.repeating(row, count: places.count)
    }
  }

  private func widened(_ column: Column) -> Column {
    guard let type, type != column.type else { return column }
    return column.widened(to: type)
  }
}

extension ColumnReader {
  /// The most bytes that are read in one go: they are to be in the processor's cache still when
  /// they are decoded.
  private static let togetherByteCount = 64 << 10

  /// Calls `body` with each of `pages`, which ascend, and its place among them.
  ///
  /// Pages that lie one after the other in the file are read together, and the disk is told ahead
  /// of those that come later. Pages come from the cache of look-ups if they are there, and are not
  /// kept.
  /// - Throws: ``HindcastError`` as ``page(_:)``, and what `body` throws.
  public func fetch(
    _ pages: [Int], _ body: (Int, FetchedPage) throws(HindcastError) -> Void
  ) throws(HindcastError) {
    var ahead = ReadAhead(self, pages: pages)
    var place = 0
    while place < pages.count {
      ahead.willRead(pages[place])
      if let page = cachedPage(pages[place]) {
        try body(place, FetchedPage(page, counters))
        place += 1
        continue
      }
      var entries = [try pageEntry(pages[place])]
      var byteCount = entries[0].piece.byteCount
      while place + entries.count < pages.count {
        let next = pages[place + entries.count]
        guard next == pages[place + entries.count - 1] + 1, cachedPage(next) == nil else { break }
        let entry = try pageEntry(next)
        byteCount += entry.piece.byteCount
        guard entry.piece.follows(entries[entries.count - 1].piece),
          byteCount <= Self.togetherByteCount
        else { break }
        entries.append(entry)
      }
      for page in try readPages(pages[place], entries) {
        try body(place, FetchedPage(page, counters))
        place += 1
      }
    }
  }
}

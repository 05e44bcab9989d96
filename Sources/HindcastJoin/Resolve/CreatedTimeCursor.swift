import HindcastCore
import HindcastFormat

/// Finds the last version that was known by a time, however many later ones were not.
///
/// Pages are skipped by a tree over their least created times, and rows by one over those of a
/// page: O(log rows) for a search, once a page was looked through.
struct CreatedTimeCursor {
  private let history: SegmentHistory
  private let reader: ColumnReader
  private let shift: Int
  /// The page of the bound's row, and the one that the answer was found in: they alternate.
  private var last = Page()
  private var found = Page()

  private struct Page {
    var index = -1
    var column: Column?
    /// Made when a search goes further than a few rows.
    var leasts: LeastTree?
  }

  /// How many rows are looked at one by one.
  private static let nearRows = 32
  /// How many pages' zone maps are looked at one by one.
  private static let nearPages = 16

  /// Nil if the segment has no created times.
  init?(_ history: SegmentHistory) {
    guard let reader = history.segment.createdTimes else { return nil }
    self.history = history
    self.reader = reader
    shift = reader.rowShift
  }

  /// The last row of `rows`, at least one, whose created time is not null and at most `bound`.
  mutating func lastRow(in rows: Range<Int>, knownBy bound: Int64) throws(HindcastError) -> Int? {
    let (firstPage, lastPage) = (rows.lowerBound >> shift, (rows.upperBound - 1) >> shift)
    let lastRows = max(rows.lowerBound, lastPage << shift)..<rows.upperBound
    if let row = try search(&last, lastPage, lastRows, bound) { return row }
    guard firstPage < lastPage else { return nil }
    if let page = try lastPageKnown(in: firstPage + 1..<lastPage, by: bound) {
      guard let row = try search(&found, page, page << shift..<(page + 1) << shift, bound) else {
        throw HindcastError(
          .corrupt, "page \(page) of the created times does not hold what its zone map says",
          at: .init(file: nil))
      }
      return row
    }
    return try search(&found, firstPage, rows.lowerBound..<(firstPage + 1) << shift, bound)
  }

  /// The last page of `pages` with a time that is at most `bound`.
  private func lastPageKnown(
    in pages: Range<Int>, by bound: Int64
  ) throws(HindcastError) -> Int? {
    if pages.count > Self.nearPages, bound < .max {
      return try history.leastCreatedTimes().last(in: pages, atMost: bound)
    }
    for page in pages.reversed() where try isKnown(page, by: bound) { return page }
    return nil
  }

  private func isKnown(_ page: Int, by bound: Int64) throws(HindcastError) -> Bool {
    guard let zone = try reader.zone(page) else {
      throw HindcastError(.corrupt, "the created times have no zone map")
    }
    return zone.hasValues && zone.min <= bound
  }

  /// The last of `rows`, all in page `index`, that was known by `bound`.
  private func search(
    _ page: inout Page, _ index: Int, _ rows: Range<Int>, _ bound: Int64
  ) throws(HindcastError) -> Int? {
    if page.index != index {
      guard try isKnown(index, by: bound) else { return nil }
      page = Page(index: index, column: try reader.page(index))
    }
    guard let column = page.column else { return nil }
    let first = index << shift
    let places = rows.lowerBound - first..<rows.upperBound - first
    // Nulls stand as the greatest number in a tree, so it can't tell where the bound is that.
    let near = bound == .max ? 0 : max(places.lowerBound, places.upperBound - Self.nearRows)
    let start = max(near, places.lowerBound)
    if let place = lastKnown(column, start..<places.upperBound, bound) { return first + place }
    guard start > places.lowerBound else { return nil }
    if page.leasts == nil { page.leasts = LeastTree(numbers(column)) }
    return page.leasts?.last(in: places.lowerBound..<start, atMost: bound).map { first + $0 }
  }

  /// The created time of `row`; nil if it is null.
  mutating func createdTime(_ row: Int) throws(HindcastError) -> Int64? {
    let index = row >> shift
    if last.index != index {
      if found.index != index { found = Page(index: index, column: try reader.page(index)) }
      return time(found, row)
    }
    return time(last, row)
  }

  private func time(_ page: Page, _ row: Int) -> Int64? {
    let place = row & (1 << shift - 1)
    guard let column = page.column, !column.isNull(place) else { return nil }
    return column.fixed.span(of: Int64.self)[place]
  }
}

/// The last of `places` that is not null and at most `bound`.
private func lastKnown(_ page: Column, _ places: Range<Int>, _ bound: Int64) -> Int? {
  let values = page.fixed.span(of: Int64.self)
  var place = places.upperBound
  while place > places.lowerBound {
    place &-= 1
    if values[place] <= bound, !page.isNull(place) { return place }
  }
  return nil
}

/// The times of a page; the greatest number there is where one is null.
private func numbers(_ page: Column) -> [Int64] {
  let values = page.fixed.span(of: Int64.self)
  return (0..<page.count).map { page.isNull($0) ? .max : values[$0] }
}

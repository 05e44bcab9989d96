import HindcastCore
import HindcastFormat

/// Finds versions by time inside one record's run of rows.
struct TimeCursor {
  private var events: PageCursor
  private var created: PageCursor?

  init(_ segment: SegmentReader) {
    events = PageCursor(segment.eventTimes)
    created = segment.createdTimes.map(PageCursor.init)
  }

  /// The last row of `run` whose event time is at most `bound`; nil if there is none.
  ///
  /// Pages that lie inside the run are skipped by their zone maps: O(log rows), at most two pages
  /// decoded.
  mutating func lastRow(in run: Range<Int>, atOrBefore bound: Int64) throws(HindcastError) -> Int? {
    let firstPage = events.pageIndex(of: run.lowerBound)
    let lastPage = events.pageIndex(of: run.upperBound - 1)
    let firstEnd = min(run.upperBound, events.firstRow(of: firstPage + 1))
    // Bounds ascend from call to call, so the answer is mostly in the page at hand.
    guard let row = try lastRow(inPage: firstPage, run.lowerBound..<firstEnd, bound) else {
      return nil
    }
    if row < firstEnd - 1 || firstPage == lastPage { return row }
    let page = try lastPageToSearch(firstPage, lastPage, bound)
    if page == firstPage { return row }
    let start = events.firstRow(of: page)
    let end = min(run.upperBound, events.firstRow(of: page + 1))
    return try lastRow(inPage: page, start..<end, bound) ?? start - 1
  }

  /// The last page whose first row can be at or before `bound`; all rows of the pages before it are.
  private func lastPageToSearch(
    _ firstPage: Int, _ lastPage: Int, _ bound: Int64
  ) throws(HindcastError) -> Int {
    // Pages between the two hold rows of this run alone, so their least times ascend.
    var low = firstPage
    var high = lastPage
    while high - low > 1 {
      let middle = (low + high) / 2
      let zone = try eventZone(middle)
      if zone.min <= bound { low = middle } else { high = middle }
    }
    guard high == lastPage else { return low }
    guard low > firstPage else { return lastPage }
    return try eventZone(low).max <= bound ? lastPage : low
  }

  private func eventZone(_ page: Int) throws(HindcastError) -> Zone {
    guard let zone = try events.reader.zone(page) else {
      throw HindcastError(.corrupt, "the event times have no zone map")
    }
    return zone
  }

  private mutating func lastRow(
    inPage page: Int, _ rows: Range<Int>, _ bound: Int64
  ) throws(HindcastError) -> Int? {
    let times = try events.page(page).fixed
    let first = events.firstRow(of: page)
    let end = Search.upperBound(
      times.span(of: Int64.self), from: rows.lowerBound - first, to: rows.upperBound - first, bound)
    return end == rows.lowerBound - first ? nil : first + end - 1
  }

  /// The event time of `row`.
  mutating func eventTime(_ row: Int) throws(HindcastError) -> Int64 {
    let page = events.pageIndex(of: row)
    return try events.page(page).fixed.span(of: Int64.self)[row - events.firstRow(of: page)]
  }

  /// The created time of `row`; nil if it is null or the group has none.
  mutating func createdTime(_ row: Int) throws(HindcastError) -> Int64? {
    guard let index = created?.pageIndex(of: row), let first = created?.firstRow(of: index),
      let page = try created?.page(index), !page.isNull(row - first)
    else { return nil }
    return page.fixed.span(of: Int64.self)[row - first]
  }

  /// The last row of `rows` that was known by `bound`: its created time is not null and at most
  /// `bound`.
  ///
  /// Pages in which nothing was known by then are skipped by their zone maps.
  mutating func lastKnownRow(
    in rows: Range<Int>, by bound: Int64
  ) throws(HindcastError) -> Int? {
    guard let reader = created?.reader, let shift = created?.shift else { return nil }
    var end = rows.upperBound
    while end > rows.lowerBound {
      let index = (end - 1) >> shift
      let start = max(rows.lowerBound, index << shift)
      let zone = try reader.zone(index)
      if zone.map({ $0.hasValues && $0.min <= bound }) ?? true,
        let page = try created?.page(index)
      {
        let first = index << shift
        if let row = Search.lastKnown(page, from: start - first, to: end - first, by: bound) {
          return first + row
        }
      }
      end = start
    }
    return nil
  }
}

/// Searches in decoded pages.
enum Search {
  /// The first position of `from..<to` whose value is over `bound`, in ascending `values`.
  static func upperBound(_ values: Span<Int64>, from: Int, to: Int, _ bound: Int64) -> Int {
    var (low, high) = (from, to)
    while low < high {
      let middle = (low &+ high) >> 1
      if values[middle] <= bound { low = middle &+ 1 } else { high = middle }
    }
    return low
  }

  /// The last position of `from..<to` that is not null and at most `bound`.
  static func lastKnown(_ page: Column, from: Int, to: Int, by bound: Int64) -> Int? {
    let values = page.fixed.span(of: Int64.self)
    var row = to
    while row > from {
      row &-= 1
      if values[row] <= bound, !page.isNull(row) { return row }
    }
    return nil
  }
}

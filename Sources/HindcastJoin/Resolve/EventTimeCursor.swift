import HindcastCore
import HindcastFormat

/// Finds versions by event time inside one record's run of rows.
struct EventTimeCursor {
  private let reader: ColumnReader
  private let shift: Int
  /// Whether times are read by place from the encoded page, as pays where few are asked for.
  private let isPositional: Bool
  private var searched = Page()
  /// The page of a version that lies elsewhere than the bound's.
  private var other = Page()
  private var ahead: ReadAhead?

  fileprivate struct Page {
    var index = -1
    var decoded: Buffer?
    var encoded: EncodedTimes?
  }

  init(_ segment: SegmentReader, isPositional: Bool) {
    reader = segment.eventTimes
    shift = reader.rowShift
    self.isPositional = isPositional
  }

  /// Says which runs are searched next, in order, so that the disk is told of their pages.
  mutating func willSearch(_ found: [RunSearch.Found]) {
    ahead = nil
    guard reader.mayWait else { return }
    var pages: [Int] = []
    for (run, _) in found {
      let (first, last) = (run.lowerBound >> shift, (run.upperBound - 1) >> shift)
      pages.append(first)
      // Of more, zone maps choose one.
      if last == first + 1 { pages.append(last) }
    }
    ahead = ReadAhead(reader, pages: pages)
  }

  /// Whether all rows of `run` are seen to be after `bound`: not where times are read by place, for
  /// which a search reads little more.
  mutating func isAfter(_ bound: Int64, _ run: Range<Int>) throws(HindcastError) -> Bool {
    guard !isPositional else { return false }
    let page = run.lowerBound >> shift
    if searched.index != page { searched = try load(page) }
    guard let times = searched.decoded else { return false }
    return times.span(of: Int64.self)[run.lowerBound & (1 << shift - 1)] > bound
  }

  /// The last row of `run` whose event time is at most `bound`; nil if there is none.
  ///
  /// Pages that lie inside the run are skipped by their zone maps: O(log rows), at most two pages
  /// read.
  mutating func lastRow(in run: Range<Int>, atOrBefore bound: Int64) throws(HindcastError) -> Int? {
    let firstPage = run.lowerBound >> shift
    let lastPage = (run.upperBound - 1) >> shift
    let firstEnd = min(run.upperBound, (firstPage + 1) << shift)
    // Bounds ascend from call to call, so the answer is mostly in the page at hand.
    guard let row = try lastRow(inPage: firstPage, run.lowerBound..<firstEnd, bound) else {
      return nil
    }
    if row < firstEnd - 1 || firstPage == lastPage { return row }
    let page = try lastPageToSearch(firstPage, lastPage, bound)
    if page == firstPage { return row }
    let start = page << shift
    let end = min(run.upperBound, (page + 1) << shift)
    return try lastRow(inPage: page, start..<end, bound) ?? start - 1
  }

  /// The last page whose first row can be at or before `bound`; all rows of the pages before it
  /// are.
  private func lastPageToSearch(
    _ firstPage: Int, _ lastPage: Int, _ bound: Int64
  ) throws(HindcastError) -> Int {
    // Pages between the two hold rows of this run alone, so their least times ascend.
    var low = firstPage
    var high = lastPage
    while high - low > 1 {
      let middle = (low + high) / 2
      let zone = try zone(middle)
      if zone.min <= bound { low = middle } else { high = middle }
    }
    guard high == lastPage else { return low }
    guard low > firstPage else { return lastPage }
    return try zone(low).max <= bound ? lastPage : low
  }

  private func zone(_ page: Int) throws(HindcastError) -> Zone {
    guard let zone = try reader.zone(page) else {
      throw HindcastError(.corrupt, "the event times have no zone map")
    }
    return zone
  }

  private mutating func lastRow(
    inPage page: Int, _ rows: Range<Int>, _ bound: Int64
  ) throws(HindcastError) -> Int? {
    if searched.index != page { searched = try load(page) }
    let first = page << shift
    let places = rows.lowerBound - first..<rows.upperBound - first
    var end = places.lowerBound
    if let times = searched.decoded {
      end = upperBound(times.span(of: Int64.self), places, bound)
    } else if let times = searched.encoded {
      end = try times.upperBound(bound, in: places)
    }
    return end == places.lowerBound ? nil : first + end - 1
  }

  private mutating func load(_ page: Int) throws(HindcastError) -> Page {
    ahead?.willRead(page)
    if isPositional { return Page(index: page, encoded: try reader.encodedTimes(page)) }
    return Page(index: page, decoded: try reader.page(page).fixed)
  }

  /// The event time of `row`.
  mutating func eventTime(_ row: Int) throws(HindcastError) -> Int64 {
    let index = row >> shift
    let place = row & (1 << shift - 1)
    if searched.index == index { return try searched.time(at: place) }
    if other.index != index { other = try load(index) }
    return try other.time(at: place)
  }
}

extension EventTimeCursor.Page {
  fileprivate func time(at place: Int) throws(HindcastError) -> Int64 {
    if let decoded { return decoded.span(of: Int64.self)[place] }
    return try encoded?.time(at: place) ?? 0
  }
}

/// The first place of `places` whose time is over `bound`, in times that ascend there.
private func upperBound(_ times: Span<Int64>, _ places: Range<Int>, _ bound: Int64) -> Int {
  var (low, high) = (places.lowerBound, places.upperBound)
  // Gallops: bounds ascend, and the answer is mostly close.
  var step = 8
  while high - low > step, times[low &+ step] <= bound {
    low &+= step &+ 1
    step &*= 2
  }
  high = min(high, low &+ step)
  while low < high {
    let middle = (low &+ high) >> 1
    if times[middle] <= bound { low = middle &+ 1 } else { high = middle }
  }
  return low
}

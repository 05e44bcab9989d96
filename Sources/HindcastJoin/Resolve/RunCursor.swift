import HindcastCore
import HindcastFormat

/// Finds records in a segment's run grid, for keys that ascend.
struct RunCursor {
  private let segment: SegmentReader
  private let fences: KeyVector
  private var fence = 0
  private var page: RunPage?
  private var pageIndex = -1
  private var position = 0
  /// Keys that were compared so far.
  private(set) var comparisonCount = 0

  init(_ segment: SegmentReader) throws(HindcastError) {
    self.segment = segment
    fences = try segment.fences()
  }

  /// Adds to `found` the rows of those records of `wanted` that the segment has; a label's row in
  /// `keys` has its record's key.
  ///
  /// Keys must not descend, nor from call to call. Gallops through fences and inside a page:
  /// O(log distance) a record.
  mutating func find(
    _ wanted: [RunSearch.Wanted], _ keys: KeyVector, _ ahead: inout RunReadAhead,
    _ found: inout [RunSearch.Found]
  ) throws(HindcastError) {
    guard fences.count > 0 else { return }
    var place = 0
    while place < wanted.count {
      let label = wanted[place].label
      if fences.compare(0, keys, label) > 0 {
        place += 1
        continue
      }
      fence = Self.gallop(from: fence, to: fences.count, fences, keys, label, &comparisonCount)
      if fence != pageIndex {
        ahead.willLookUp(place)
        page = try segment.runPage(fence)
        pageIndex = fence
        position = 0
      }
      place = findInPage(wanted, from: place, keys, &found)
    }
  }

  /// Looks the records of `wanted` from `place` on up in the page at hand; returns the place of the
  /// first that lies behind it.
  private mutating func findInPage(
    _ wanted: [RunSearch.Wanted], from place: Int, _ keys: KeyVector,
    _ found: inout [RunSearch.Found]
  ) -> Int {
    guard let page else { return wanted.count }
    let (runs, fences, next) = (page.keys, fences, pageIndex + 1)
    let ends = page.ends.span(of: Int.self)
    var (position, count) = (position, 0)
    var place = place
    while place < wanted.count {
      let (label, entries) = wanted[place]
      if next < fences.count, fences.compare(next, keys, label) <= 0 { break }
      position = Self.gallop(from: position, to: runs.count, runs, keys, label, &count)
      if runs.compare(position, keys, label) == 0 {
        let start = position == 0 ? page.firstRow : ends[position - 1]
        found.append((start..<ends[position], entries))
      }
      place += 1
    }
    self.position = position
    comparisonCount += count
    return place
  }

  /// The last position of `start..<end` whose key of `sorted` is not over key `index` of `keys`;
  /// `start` itself if there is none.
  private static func gallop(
    from start: Int, to end: Int, _ sorted: KeyVector, _ keys: KeyVector, _ index: Int,
    _ comparisonCount: inout Int
  ) -> Int {
    var step = 1
    var low = start
    var count = 2
    while low + step < end, sorted.compare(low + step, keys, index) <= 0 {
      low += step
      step *= 2
      count += 1
    }
    var high = min(low + step, end)
    while high - low > 1 {
      let middle = (low + high) / 2
      if sorted.compare(middle, keys, index) <= 0 { low = middle } else { high = middle }
      count += 1
    }
    comparisonCount += count
    return low
  }
}

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

  init(_ segment: SegmentReader) throws(HindcastError) {
    self.segment = segment
    fences = try segment.fences()
  }

  /// The rows of the record named by key `index` of `keys`; nil if the segment has none.
  ///
  /// Keys must not descend from call to call. Gallops through fences and inside a page:
  /// O(log distance).
  mutating func rows(of keys: KeyVector, _ index: Int) throws(HindcastError) -> Range<Int>? {
    guard fences.count > 0, fences.compare(0, keys, index) <= 0 else { return nil }
    fence = Self.gallop(from: fence, to: fences.count) { fences.compare($0, keys, index) <= 0 }
    if fence != pageIndex {
      page = try segment.runPage(fence)
      pageIndex = fence
      position = 0
    }
    guard let page else { return nil }
    let runs = page.keys
    position = Self.gallop(from: position, to: runs.count) { runs.compare($0, keys, index) <= 0 }
    guard runs.compare(position, keys, index) == 0 else { return nil }
    let ends = page.ends.span(of: Int.self)
    return (position == 0 ? page.firstRow : ends[position - 1])..<ends[position]
  }

  /// The last position of `start..<end` for which `holds` is true; `start` itself if it is not true
  /// for any.
  ///
  /// `holds` must turn false at most once.
  private static func gallop(from start: Int, to end: Int, while holds: (Int) -> Bool) -> Int {
    var step = 1
    var low = start
    while low + step < end, holds(low + step) {
      low += step
      step *= 2
    }
    var high = min(low + step, end)
    while high - low > 1 {
      let middle = (low + high) / 2
      if holds(middle) { low = middle } else { high = middle }
    }
    return low
  }
}

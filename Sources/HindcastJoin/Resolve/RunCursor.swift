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

  /// The rows of the record named by key `index` of `keys`; nil if the segment has none.
  ///
  /// Keys must not descend from call to call. Gallops through fences and inside a page:
  /// O(log distance).
  mutating func rows(of keys: KeyVector, _ index: Int) throws(HindcastError) -> Range<Int>? {
    guard fences.count > 0, fences.compare(0, keys, index) <= 0 else { return nil }
    fence = gallop(from: fence, to: fences.count, fences, keys, index)
    if fence != pageIndex {
      page = try segment.runPage(fence)
      pageIndex = fence
      position = 0
    }
    guard let page else { return nil }
    let runs = page.keys
    position = gallop(from: position, to: runs.count, runs, keys, index)
    guard runs.compare(position, keys, index) == 0 else { return nil }
    let ends = page.ends.span(of: Int.self)
    return (position == 0 ? page.firstRow : ends[position - 1])..<ends[position]
  }

  /// The last position of `start..<end` whose key of `sorted` is not over key `index` of `keys`;
  /// `start` itself if there is none.
  private mutating func gallop(
    from start: Int, to end: Int, _ sorted: KeyVector, _ keys: KeyVector, _ index: Int
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

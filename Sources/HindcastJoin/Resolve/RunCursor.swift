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
  /// Runs of a page and the records that they are of.
  private var matches: [(run: Int, record: Int)] = []
  /// Keys that were compared so far.
  private(set) var comparisonCount = 0

  init(_ segment: SegmentReader) throws(HindcastError) {
    self.segment = segment
    fences = try segment.fences()
  }

  /// Adds to `found` the rows of those of the records `wanted` that the segment has; `keys` has the
  /// key of each record.
  ///
  /// Keys must not descend, nor from call to call. Gallops through fences, and inside a page where
  /// it has many records more than are wanted: O(log distance) a record.
  mutating func find(
    _ wanted: [Int], _ keys: KeyVector, _ ahead: inout RunReadAhead,
    _ found: inout [RunSearch.Found]
  ) throws(HindcastError) {
    guard fences.count > 0 else { return }
    var place = 0
    while place < wanted.count, fences.compare(0, keys, wanted[place]) > 0 { place += 1 }
    while place < wanted.count {
      let record = wanted[place]
      fence = Self.gallop(from: fence, to: fences.count, fences, keys, record, &comparisonCount)
      if fence != pageIndex {
        ahead.willLookUp(place)
        page = try segment.runPage(fence)
        pageIndex = fence
        position = 0
      }
      guard let page else { return }
      let end = self.end(of: wanted, from: place, keys)
      position = Self.gallop(
        from: position, to: page.count, page.keys, keys, record, &comparisonCount)
      if keys.heap == nil, page.count - position <= Self.mergedRuns * (end - place) {
        merge(wanted, place..<end, keys, page, &found)
      } else {
        look(wanted, place..<end, keys, page, &found)
      }
      place = end
    }
  }

  /// How many runs there are at most for each record of a page that is merged: to pass by as many
  /// takes as long as to gallop to one.
  private static let mergedRuns = 16

  /// The place behind the records of `wanted` that the page at hand can hold.
  private mutating func end(of wanted: [Int], from place: Int, _ keys: KeyVector) -> Int {
    let (fences, next) = (fences, pageIndex + 1)
    guard next < fences.count else { return wanted.count }
    var count = 0
    defer { comparisonCount += count }
    return (place + 1..<wanted.count).firstFromStart {
      count += 1
      return fences.compare(next, keys, wanted[$0]) <= 0
    }
  }

  /// Looks some records of `wanted` up in a page, one by one.
  private mutating func look(
    _ wanted: [Int], _ places: Range<Int>, _ keys: KeyVector, _ page: RunPage,
    _ found: inout [RunSearch.Found]
  ) {
    var (position, count) = (position, 0)
    for place in places {
      let record = wanted[place]
      position = Self.gallop(from: position, to: page.count, page.keys, keys, record, &count)
      count += 1
      if page.keys.compare(position, keys, record) == 0 {
        found.append((page.rows(ofRun: position), record))
      }
    }
    self.position = position
    comparisonCount += count
  }

  /// The same for keys of one word that stand close: a step for each key of both sides, without a
  /// branch that depends on one.
  private mutating func merge(
    _ wanted: [Int], _ places: Range<Int>, _ keys: KeyVector, _ page: RunPage,
    _ found: inout [RunSearch.Found]
  ) {
    let words = keys.prefixes.span(of: UInt64.self)
    let runs = page.keys.prefixes.span(of: UInt64.self)
    var (place, position, count) = (places.lowerBound, position, 0)
    if matches.count <= places.count {
      matches = Array(repeating: (0, 0), count: places.count + 1)
    }
    let end = page.count
    while place < places.upperBound, position < end {
      let record = wanted[place]
      let (word, run) = (words[record], runs[position])
      matches[count] = (position, record)
      let (isBefore, isAfter) = (isLess(word, run), isLess(run, word))
      count &+= 1 &- isBefore &- isAfter
      place &+= 1 &- isAfter
      position &+= 1 &- isBefore
    }
    comparisonCount += place - places.lowerBound + position - self.position
    self.position = position
    let first = found.count
    found.append(contentsOf: repeatElement((run: 0..<0, record: 0), count: count))
    var target = found.mutableSpan
    for index in 0..<count {
      let (run, record) = matches[index]
      target[first + index] = (page.rows(ofRun: run), record)
    }
  }

  /// The last position of `start..<end` whose key of `sorted` is not over key `index` of `keys`;
  /// `start` itself if there is none.
  private static func gallop(
    from start: Int, to end: Int, _ sorted: KeyVector, _ keys: KeyVector, _ index: Int,
    _ comparisonCount: inout Int
  ) -> Int {
    let next = (start + 1..<max(start + 1, end)).firstFromStart {
      comparisonCount += 1
      return sorted.compare($0, keys, index) > 0
    }
    return next - 1
  }
}

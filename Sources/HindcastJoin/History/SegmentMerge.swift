import HindcastCore
import HindcastFormat

/// A segment's records, one after the other.
struct SegmentWalk {
  let isNew: Bool
  private let segment: SegmentReader
  private var page: RunPage?
  private var pageIndex = -1
  private var run = 0
  var scan: RecordScan

  init(_ segment: SegmentReader, isNew: Bool, fields: [Field]) throws(HindcastError) {
    self.segment = segment
    self.isNew = isNew
    scan = try RecordScan(segment, features: fields)
    try advance()
  }

  /// Whether there is no record any more.
  var isAtEnd: Bool { page == nil }

  /// The record's key.
  var key: [UInt8] { page?.keys.bytes(run) ?? [] }

  /// The record's rows.
  var rows: Range<Int> {
    guard let page else { return 0..<0 }
    let ends = page.ends.span(of: Int.self)
    return (run == 0 ? page.firstRow : ends[run - 1])..<ends[run]
  }

  /// Negative, zero or positive as the record is before, the same as or after another's.
  func compare(_ other: SegmentWalk) -> Int {
    guard let a = page, let b = other.page else { return 0 }
    return a.keys.compare(run, b.keys, other.run)
  }

  /// Goes to the next record.
  mutating func advance() throws(HindcastError) {
    run += 1
    if let page, run < page.count { return }
    repeat {
      pageIndex += 1
      page = pageIndex < segment.runPageCount ? try segment.runPage(pageIndex) : nil
    } while page?.count == 0
    run = 0
  }
}

/// Several segments' records in one order: a heap of walks.
struct SegmentMerge {
  /// A record's rows in one segment.
  struct Part {
    let walk: Int
    let rows: Range<Int>
    let key: [UInt8]
  }

  private(set) var walks: [SegmentWalk]
  /// Walks that are not at their end, the one with the least record first.
  private var heap: [Int] = []

  init(_ walks: [SegmentWalk]) throws(HindcastError) {
    self.walks = walks
    heap = walks.indices.filter { !walks[$0].isAtEnd }
    for place in heap.indices.reversed() { sink(place) }
  }

  /// All rows of the next record; nil at the end.
  mutating func next() throws(HindcastError) -> [Part]? {
    guard let first = heap.first else { return nil }
    let key = walks[first].key
    var parts: [Part] = []
    while let walk = heap.first, walks[walk].key == key {
      parts.append(Part(walk: walk, rows: walks[walk].rows, key: key))
      try walks[walk].advance()
      if walks[walk].isAtEnd {
        heap[0] = heap[heap.count - 1]
        heap.removeLast()
      }
      sink(0)
    }
    return parts
  }

  private mutating func sink(_ start: Int) {
    var place = start
    while true {
      var least = place
      for child in [2 * place + 1, 2 * place + 2] where child < heap.count {
        if walks[heap[child]].compare(walks[heap[least]]) < 0 { least = child }
      }
      if least == place { return }
      heap.swapAt(place, least)
      place = least
    }
  }
}

extension SegmentMerge {
  /// How many versions of a record only new segments have, and only old ones.
  ///
  /// Goes through all parts in the order of times; holds the versions of one pair of times.
  mutating func differing(
    _ parts: [Part]
  ) throws(HindcastError) -> (added: Int, removed: Int) {
    var next = parts.map(\.rows.lowerBound)
    var heads: [ScannedVersion?] = []
    for part in parts { heads.append(try version(part, part.rows.lowerBound)) }
    var (added, removed) = (0, 0)
    while let times = heads.compactMap({ $0.map(Times.init) }).min() {
      var counts: [ScannedVersion: Int] = [:]
      for index in parts.indices {
        while let head = heads[index], Times(head) == times {
          counts[head, default: 0] += walks[parts[index].walk].isNew ? 1 : -1
          next[index] += 1
          heads[index] = try version(parts[index], next[index])
        }
      }
      for count in counts.values {
        if count > 0 { added += count } else { removed -= count }
      }
    }
    return (added, removed)
  }

  /// What versions of one record are ordered by; null created times come first.
  private struct Times: Comparable {
    let event: Int64
    let created: Int64?

    init(_ version: ScannedVersion) {
      event = version.eventTime
      created = version.createdTime
    }

    static func < (a: Times, b: Times) -> Bool {
      if a.event != b.event { return a.event < b.event }
      guard let bCreated = b.created else { return false }
      return a.created.map { $0 < bCreated } ?? true
    }
  }

  /// The version at a row of a part, nil past its end; the features of a tombstone do not count.
  private mutating func version(
    _ part: Part, _ row: Int
  ) throws(HindcastError) -> ScannedVersion? {
    guard part.rows.contains(row) else { return nil }
    let version = try walks[part.walk].scan.version(row)
    guard version.isTombstone else { return version }
    return ScannedVersion(
      eventTime: version.eventTime, createdTime: version.createdTime, isTombstone: true,
      features: [])
  }
}

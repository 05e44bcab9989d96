import HindcastCore
import HindcastFormat

/// Finds the versions of one segment that answer labels, record by record, bounds ascending.
///
/// What all strategies share: they differ in how they come from a label to its record's rows.
struct RunSearch {
  /// The labels' rows in resolve order.
  private let labels: [Int32]
  /// The labels' event bounds by entry, and their known bounds by row.
  private let eventBounds: Buffer
  private let knownBounds: Buffer
  private let checksCreatedTime: Bool
  private let hasCreatedTime: Bool
  /// The labels that are answered, by record.
  private var records: RecordRanges
  /// The first and the last event time of the segment.
  private let eventTimes: ClosedRange<Int64>
  private var events: EventTimeCursor
  private var created: CreatedTimeCursor?
  /// What the segments before this one answered; nil if there are none.
  private let winners: Winners?
  /// The last event time of the segments to come.
  private let nextLatest: Int64
  /// Which labels may be answered, where a range of them goes through several segments.
  var open: OpenLabels?
  private(set) var candidates: Candidates

  /// - Parameters:
  ///   - eventBounds: ``ResolveInput/eventBounds()``.
  ///   - winners: what the segments before this one answered; nil if there are none.
  ///   - nextLatest: the last event time of the segments to come.
  init(
    _ input: ResolveInput, _ history: SegmentHistory, isPositional: Bool, eventBounds: Buffer,
    after winners: Winners?, nextLatest: Int64
  ) {
    self.eventBounds = eventBounds
    self.winners = winners
    self.nextLatest = nextLatest
    records = input.records(in: 0..<input.order.rows.count)
    eventTimes = history.eventTimes
    labels = input.order.rows
    knownBounds = input.bounds.known
    checksCreatedTime = input.rule.checksCreatedTime
    hasCreatedTime = input.hasCreatedTime
    events = EventTimeCursor(history.segment, isPositional: isPositional)
    created = CreatedTimeCursor(history)
    candidates = Candidates(segment: history.index, hasCreatedTime: input.hasCreatedTime)
  }

  /// A record's rows in the segment, and the record.
  typealias Found = (run: Range<Int>, record: Int)

  /// How many records are looked up before their times are searched: the disk is told of both.
  private static let batchRecords = 512

  /// Answers a piece of the labels alone: looks up their records by `find`, which adds what it
  /// finds of those it is given, in their order, and searches their rows.
  mutating func search(
    _ piece: Range<Int>, _ input: ResolveInput, _ segment: SegmentReader,
    _ find: ([Int], inout RunReadAhead, inout [Found]) throws(HindcastError) -> Void
  ) throws(HindcastError) {
    records = input.records(in: piece)
    var left = records.records
    var wanted: [Int] = []
    var found: [Found] = []
    wanted.reserveCapacity(2 * Self.batchRecords)
    found.reserveCapacity(2 * Self.batchRecords)
    while !left.isEmpty {
      wanted.removeAll(keepingCapacity: true)
      while !left.isEmpty, wanted.count < Self.batchRecords {
        let next = left.prefix(Self.batchRecords)
        left = next.upperBound..<left.upperBound
        if let open {
          open.take(next, from: eventTimes.lowerBound, into: &wanted)
        } else {
          wanted.append(contentsOf: next)
        }
      }
      if wanted.isEmpty { return }
      var ahead = try RunReadAhead(segment, input.recordKeys) { wanted }
      found.removeAll(keepingCapacity: true)
      try find(wanted, &ahead, &found)
      try search(found)
    }
  }

  /// Searches the rows of several records, in the order of their rows.
  mutating func search(_ found: [Found]) throws(HindcastError) {
    events.willSearch(found)
    let buffer = eventBounds
    let bounds = buffer.span(of: Int64.self)
    for (run, record) in found {
      if let last = open?.lastBound(of: record), try events.isAfter(last, run) { continue }
      let entries = openEntries(of: record, bounds)
      if entries.isEmpty { continue }
      try search(run, for: entries, bounds)
      close(record, entries, bounds)
    }
  }

  /// Those of a record's labels that the segment may answer.
  ///
  /// A record's bounds ascend, and so do its winners' event times: a later label knows all that an
  /// earlier one does. O(log labels).
  private func openEntries(of record: Int, _ bounds: Span<Int64>) -> Range<Int> {
    let all = records.entries(of: record)
    guard let winners else { return all }
    let end =
      open?.end(of: record)
      ?? all.firstFromEnd { winners.isAfter(eventTimes.upperBound, $0) }
    // Few of a record's labels are open to a segment: its last ones.
    let start = (all.lowerBound..<end).firstFromEnd { bounds[$0] >= eventTimes.lowerBound }
    return start..<end
  }

  /// Closes those of a record's labels that no segment to come can answer better.
  private mutating func close(_ record: Int, _ entries: Range<Int>, _ bounds: Span<Int64>) {
    guard let winners, let known = open?.end(of: record) else { return }
    var end = entries.upperBound
    var candidate = candidates.count
    while end > entries.lowerBound {
      let isCandidate = candidate > 0 && Int(candidates[candidate - 1].entry) == end - 1
      guard
        isCandidate && candidates[candidate - 1].eventTime > nextLatest
          || winners.isAfter(nextLatest, end - 1)
      else { break }
      if isCandidate { candidate -= 1 }
      end -= 1
    }
    guard end < known else { return }
    let isOneLeft = end > records.entries(of: record).lowerBound
    open?.close(record, from: end, lastBound: isOneLeft ? bounds[end - 1] : .min)
  }

  /// Searches `run`, the rows of one record, for each of `entries`, its labels.
  private mutating func search(
    _ run: Range<Int>, for entries: Range<Int>, _ bounds: Span<Int64>
  ) throws(HindcastError) {
    // The next bound's row is that of the one before, or after it.
    var from = run.lowerBound
    for entry in entries {
      guard let last = try events.lastRow(in: from..<run.upperBound, atOrBefore: bounds[entry])
      else { continue }
      from = last
      if let winner = try knownRow(run.lowerBound..<last + 1, entry) {
        candidates.append(
          entry, winner, try events.eventTime(winner), try createdTime(winner))
      }
    }
  }

  /// The last of `rows` that the rule lets answer a label: known at its time, where that counts.
  private mutating func knownRow(
    _ rows: Range<Int>, _ entry: Int
  ) throws(HindcastError) -> Int? {
    guard checksCreatedTime else { return rows.upperBound - 1 }
    let bound = knownBounds.span(of: Int64.self)[Int(labels[entry])]
    return try created?.lastRow(in: rows, knownBy: bound)
  }

  private mutating func createdTime(_ row: Int) throws(HindcastError) -> Int64? {
    guard hasCreatedTime else { return nil }
    return try created?.createdTime(row)
  }
}

/// Rows of one segment that may answer labels; better ones may be in other segments.
struct Candidates: Sendable {
  let segment: Int32
  private var rows: [Row] = []
  /// Empty if the group has no created time.
  private var createdTimes: [Int64?] = []
  private let hasCreatedTime: Bool

  /// A row, and the label that it may answer.
  struct Row {
    let entry: Int32
    let row: Int
    let eventTime: Int64
  }

  init(segment: Int32, hasCreatedTime: Bool) {
    self.segment = segment
    self.hasCreatedTime = hasCreatedTime
  }

  var count: Int { rows.count }

  subscript(index: Int) -> Row { rows[index] }

  /// The created time of a row; nil if it is null, or if the group has none.
  func createdTime(_ index: Int) -> Int64? { hasCreatedTime ? createdTimes[index] : nil }

  mutating func append(_ entry: Int, _ row: Int, _ eventTime: Int64, _ createdTime: Int64?) {
    rows.append(Row(entry: Int32(entry), row: row, eventTime: eventTime))
    if hasCreatedTime { createdTimes.append(createdTime) }
  }
}

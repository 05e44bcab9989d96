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
  private var events: EventTimeCursor
  private var created: CreatedTimeCursor?
  /// Which labels are to be answered; nil if all are.
  private(set) var open: OpenLabels?
  private(set) var candidates: Candidates

  /// - Parameters:
  ///   - eventBounds: ``ResolveInput/eventBounds()``.
  ///   - open: which labels are to be answered; nil if all are.
  init(
    _ input: ResolveInput, _ history: SegmentHistory, isPositional: Bool, eventBounds: Buffer,
    open: OpenLabels?
  ) {
    self.open = open
    self.eventBounds = eventBounds
    labels = input.order.rows
    knownBounds = input.bounds.known
    checksCreatedTime = input.rule.checksCreatedTime
    hasCreatedTime = input.hasCreatedTime
    events = EventTimeCursor(history.segment, isPositional: isPositional)
    created = CreatedTimeCursor(history)
    candidates = Candidates(segment: history.index, hasCreatedTime: input.hasCreatedTime)
  }

  /// One of a record's labels, which has its key, and the entries of those to be answered.
  typealias Wanted = (label: Int, entries: Range<Int>)

  /// A record's rows in the segment, and the entries of its labels.
  typealias Found = (run: Range<Int>, entries: Range<Int>)

  /// How many records are looked up before their times are searched: the disk is told of both.
  private static let batchRecords = 512

  /// Looks up the records of a piece of the labels by `find`, which adds what it finds of those it
  /// is given, in their order, and searches their rows.
  mutating func search(
    _ piece: Range<Int>, _ input: ResolveInput, _ segment: SegmentReader,
    _ find: ([Wanted], inout RunReadAhead, inout [Found]) throws(HindcastError) -> Void
  ) throws(HindcastError) {
    let keys = input.labels.keys.keys
    var records = input.records(in: piece)
    var wanted: [Wanted] = []
    var found: [Found] = []
    wanted.reserveCapacity(Self.batchRecords)
    found.reserveCapacity(Self.batchRecords)
    while true {
      wanted.removeAll(keepingCapacity: true)
      while wanted.count < Self.batchRecords, let next = nextOpen(&records) {
        wanted.append((input.label(ofRecord: next.record), next.entries))
      }
      if wanted.isEmpty { return }
      var ahead = try RunReadAhead(segment, keys) { wanted.map(\.label) }
      found.removeAll(keepingCapacity: true)
      try find(wanted, &ahead, &found)
      try search(found)
    }
  }

  private mutating func nextOpen(_ records: inout RecordRanges) -> RecordRanges.Element? {
    if open == nil { return records.next() }
    return open?.next(of: &records)
  }

  /// Those of a record's labels that the segment may answer.
  func openEntries(_ entries: Range<Int>) -> Range<Int> { open?.of(entries) ?? entries }

  /// Searches the rows of several records, in the order of their rows.
  mutating func search(_ found: [Found]) throws(HindcastError) {
    events.willSearch(found)
    let buffer = eventBounds
    let bounds = buffer.span(of: Int64.self)
    for (run, entries) in found { try search(run, for: entries, bounds) }
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
  private(set) var entries: [Int32] = []
  private(set) var rows: [Int] = []
  private(set) var eventTimes: [Int64] = []
  /// Empty if the group has no created time.
  private(set) var createdTimes: [Int64?] = []
  private let hasCreatedTime: Bool

  init(segment: Int32, hasCreatedTime: Bool) {
    self.segment = segment
    self.hasCreatedTime = hasCreatedTime
  }

  mutating func append(_ entry: Int, _ row: Int, _ eventTime: Int64, _ createdTime: Int64?) {
    entries.append(Int32(entry))
    rows.append(row)
    eventTimes.append(eventTime)
    if hasCreatedTime { createdTimes.append(createdTime) }
  }
}

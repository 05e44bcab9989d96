import HindcastCore
import HindcastFormat

/// Finds the versions of one segment that answer labels, record by record, bounds ascending.
///
/// What all strategies share: they differ in how they come from a label to its record's rows.
struct RunSearch {
  /// The labels' rows in resolve order, and their bounds by row.
  private let labels: [Int32]
  private let eventBounds: Buffer
  private let knownBounds: Buffer
  private let checksCreatedTime: Bool
  private let hasCreatedTime: Bool
  private var events: EventTimeCursor
  private var created: CreatedTimeCursor?
  private(set) var candidates: Candidates

  init(_ input: ResolveInput, _ history: SegmentHistory, isPositional: Bool) {
    labels = input.order.rows
    eventBounds = input.bounds.events
    knownBounds = input.bounds.known
    checksCreatedTime = input.rule.checksCreatedTime
    hasCreatedTime = input.hasCreatedTime
    events = EventTimeCursor(history.segment, isPositional: isPositional)
    created = CreatedTimeCursor(history)
    candidates = Candidates(segment: history.index, hasCreatedTime: input.hasCreatedTime)
  }

  /// A record's rows in the segment, and its labels.
  typealias Found = (run: Range<Int>, entries: Range<Int>)

  /// How many records are looked up before their times are searched: the disk is told of both.
  private static let batchRecords = 512

  /// Looks up the records of a piece of the labels by `find`, which is asked with a label of each,
  /// and searches their rows.
  mutating func search(
    _ piece: Range<Int>, _ input: ResolveInput, _ segment: SegmentReader,
    _ find: (Int) throws(HindcastError) -> Range<Int>?
  ) throws(HindcastError) {
    let keys = input.labels.keys.keys
    var records = input.records(in: piece)
    var found: [Found] = []
    found.reserveCapacity(Self.batchRecords)
    while !records.isAtEnd {
      let batch = records.lookingAhead(Self.batchRecords)
      var ahead = try RunReadAhead(segment, keys) { batch.map { input.label(ofRecord: $0) } }
      found.removeAll(keepingCapacity: true)
      for place in 0..<batch.count {
        guard let (record, entries) = records.next() else { break }
        ahead.willLookUp(place)
        if let run = try find(input.label(ofRecord: record)) { found.append((run, entries)) }
      }
      try search(found)
    }
  }

  /// Searches the rows of several records, in the order of their rows.
  mutating func search(_ found: [Found]) throws(HindcastError) {
    events.willSearch(found)
    for (run, entries) in found { try search(run, for: entries) }
  }

  /// Searches `run`, the rows of one record, for each of `entries`, its labels.
  private mutating func search(_ run: Range<Int>, for entries: Range<Int>) throws(HindcastError) {
    let (eventBounds, rows) = (eventBounds, labels)
    let bounds = eventBounds.span(of: Int64.self)
    let labels = rows.span
    // The next bound's row is that of the one before, or after it.
    var from = run.lowerBound
    for entry in entries {
      let label = Int(labels[entry])
      guard let last = try events.lastRow(in: from..<run.upperBound, atOrBefore: bounds[label])
      else { continue }
      from = last
      if let winner = try knownRow(run.lowerBound..<last + 1, label) {
        candidates.append(
          entry, winner, try events.eventTime(winner), try createdTime(winner))
      }
    }
  }

  /// The last of `rows` that the rule lets answer a label: known at its time, where that counts.
  private mutating func knownRow(
    _ rows: Range<Int>, _ label: Int
  ) throws(HindcastError) -> Int? {
    guard checksCreatedTime else { return rows.upperBound - 1 }
    let bound = knownBounds.span(of: Int64.self)[label]
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

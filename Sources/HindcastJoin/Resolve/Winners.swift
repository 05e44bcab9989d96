/// The best version found so far, across segments, for each of a range of entries.
struct Winners: Sendable {
  private let firstEntry: Int
  /// The winner's segment; -1 where there is none.
  private(set) var segments: [Int32]
  private(set) var rows: [Int]
  /// The least time there is where there is no winner.
  private(set) var eventTimes: [Int64]
  /// Empty if the group has no created time.
  private(set) var createdTimes: [Int64?]

  /// No winners for `entries`.
  init(entries: Range<Int>, hasCreatedTime: Bool) {
    firstEntry = entries.lowerBound
    segments = Array(repeating: -1, count: entries.count)
    rows = Array(repeating: 0, count: entries.count)
    eventTimes = Array(repeating: .min, count: entries.count)
    createdTimes = hasCreatedTime ? Array(repeating: nil, count: entries.count) : []
  }

  /// Those of `whole` for `entries`.
  init(_ whole: Winners, _ entries: Range<Int>) {
    let places = entries.lowerBound - whole.firstEntry..<entries.upperBound - whole.firstEntry
    firstEntry = entries.lowerBound
    segments = Array(whole.segments[places])
    rows = Array(whole.rows[places])
    eventTimes = Array(whole.eventTimes[places])
    createdTimes = whole.createdTimes.isEmpty ? [] : Array(whole.createdTimes[places])
  }

  /// Takes `part` in the place of what is there of its entries.
  mutating func replace(with part: Winners) {
    let first = part.firstEntry - firstEntry
    let places = first..<first + part.segments.count
    segments.replaceSubrange(places, with: part.segments)
    rows.replaceSubrange(places, with: part.rows)
    eventTimes.replaceSubrange(places, with: part.eventTimes)
    if !createdTimes.isEmpty { createdTimes.replaceSubrange(places, with: part.createdTimes) }
  }

  /// Takes the candidates that come after what is there in order O1.
  ///
  /// Segments may be offered in any order. O(candidates).
  mutating func offer(_ candidates: Candidates) {
    for index in 0..<candidates.count {
      let candidate = candidates[index]
      let created = candidates.createdTime(index)
      let place = Int(candidate.entry) - firstEntry
      guard isBetter(candidate.eventTime, created, candidates.segment, than: place) else {
        continue
      }
      put(
        place, segment: candidates.segment, row: candidate.row,
        eventTime: candidate.eventTime, createdTime: created)
    }
  }

  /// Whether an entry has a winner whose event time is after `time`.
  func isAfter(_ time: Int64, _ entry: Int) -> Bool {
    eventTimes[entry - firstEntry] > time
  }

  /// Makes a version the winner of an entry.
  mutating func set(
    _ entry: Int, segment: Int32, row: Int, eventTime: Int64, createdTime: Int64?
  ) {
    put(
      entry - firstEntry, segment: segment, row: row, eventTime: eventTime,
      createdTime: createdTime)
  }

  private mutating func put(
    _ place: Int, segment: Int32, row: Int, eventTime: Int64, createdTime: Int64?
  ) {
    segments[place] = segment
    rows[place] = row
    eventTimes[place] = eventTime
    if !createdTimes.isEmpty { createdTimes[place] = createdTime }
  }

  /// Versions that are equal in both times come in the order of their segments' commits.
  private func isBetter(
    _ event: Int64, _ created: Int64?, _ segment: Int32, than place: Int
  ) -> Bool {
    guard segments[place] >= 0 else { return true }
    if event != eventTimes[place] { return event > eventTimes[place] }
    let isLater = segment >= segments[place]
    guard !createdTimes.isEmpty else { return isLater }
    switch (created, createdTimes[place]) {
    case (nil, nil): return isLater
    case (nil, _): return false
    case (_, nil): return true
    case (let created?, let best?): return created == best ? isLater : created > best
    }
  }
}

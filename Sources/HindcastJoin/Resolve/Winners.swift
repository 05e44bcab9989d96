/// The best version found for each entry so far, across segments.
struct Winners: Sendable {
  /// The winner's segment; -1 where there is none.
  private(set) var segments: [Int32]
  private(set) var rows: [Int]
  private(set) var eventTimes: [Int64]
  /// Empty if the group has no created time.
  private(set) var createdTimes: [Int64?]

  /// No winners for `count` entries.
  init(count: Int, hasCreatedTime: Bool) {
    segments = Array(repeating: -1, count: count)
    rows = Array(repeating: 0, count: count)
    eventTimes = Array(repeating: 0, count: count)
    createdTimes = hasCreatedTime ? Array(repeating: nil, count: count) : []
  }

  /// Takes the candidates that come after what is there in order O1.
  ///
  /// Segments may be offered in any order. O(candidates).
  mutating func offer(_ candidates: Candidates) {
    for index in candidates.entries.indices {
      let entry = Int(candidates.entries[index])
      let created = createdTimes.isEmpty ? nil : candidates.createdTimes[index]
      let event = candidates.eventTimes[index]
      guard isBetter(event, created, candidates.segment, than: entry) else { continue }
      set(
        entry, segment: candidates.segment, row: candidates.rows[index],
        eventTime: event, createdTime: created)
    }
  }

  /// Whether an entry has a winner whose event time is after `time`.
  func isAfter(_ time: Int64, _ entry: Int) -> Bool {
    segments[entry] >= 0 && eventTimes[entry] > time
  }

  /// Makes a version the winner of an entry.
  mutating func set(
    _ entry: Int, segment: Int32, row: Int, eventTime: Int64, createdTime: Int64?
  ) {
    segments[entry] = segment
    rows[entry] = row
    eventTimes[entry] = eventTime
    if !createdTimes.isEmpty { createdTimes[entry] = createdTime }
  }

  /// Versions that are equal in both times come in the order of their segments' commits.
  private func isBetter(
    _ event: Int64, _ created: Int64?, _ segment: Int32, than entry: Int
  ) -> Bool {
    guard segments[entry] >= 0 else { return true }
    if event != eventTimes[entry] { return event > eventTimes[entry] }
    let isLater = segment >= segments[entry]
    guard !createdTimes.isEmpty else { return isLater }
    switch (created, createdTimes[entry]) {
    case (nil, nil): return isLater
    case (nil, _): return false
    case (_, nil): return true
    case (let created?, let best?): return created == best ? isLater : created > best
    }
  }
}

import HindcastCore
import HindcastTestKit

/// What tells versions apart that are not the same one corrected.
struct VersionKey: Hashable {
  let record: [Value]
  let at: Int64
  let known: Int64?

  init(_ row: WorldRow) {
    record = row.record
    at = row.eventTicks
    known = row.createdTicks
  }
}

/// What must, and what may, be read of a group.
struct ExpectedRows {
  /// All rows that were taken in, with how often.
  private var counts: [WorldRow: Int] = [:]
  /// The last arrival of each version.
  private var last: [VersionKey: WorldRow] = [:]
  /// The versions that no horizon gives up.
  private var required: Set<VersionKey> = []

  init(_ group: ModelGroup) {
    let rows = group.shown
    var records: [[Value]: [WorldRow]] = [:]
    for row in rows {
      counts[row, default: 0] += 1
      last[VersionKey(row)] = row
      records[row.record, default: []].append(row)
    }
    let hasCreated = group.definition.createdTime != nil
    for versions in records.values {
      let sorted = Self.sorted(versions)
      let start =
        group.horizon.flatMap { horizon in
          sorted.lastIndex { row in
            row.eventTicks <= horizon
              && (!hasCreated || row.createdTicks.map { $0 <= horizon } ?? false)
          }
        } ?? 0
      for row in sorted[start...] { required.insert(VersionKey(row)) }
    }
  }

  /// In the order of versions: event time, created time with null first, arrival.
  private static func sorted(_ rows: [WorldRow]) -> [WorldRow] {
    rows.enumerated().sorted { a, b in
      let (x, y) = (a.element, b.element)
      if x.eventTicks != y.eventTicks { return x.eventTicks < y.eventTicks }
      if x.createdTicks != y.createdTicks {
        return (x.createdTicks ?? .min) < (y.createdTicks ?? .min)
      }
      return a.offset < b.offset
    }.map(\.element)
  }

  /// What is wrong with rows that were read, in order of arrival; nil if nothing is.
  func problem(with rows: [WorldRow]) -> String? {
    var found: [WorldRow: Int] = [:]
    var lastFound: [VersionKey: WorldRow] = [:]
    for row in rows {
      found[row, default: 0] += 1
      lastFound[VersionKey(row)] = row
      if found[row, default: 0] > counts[row, default: 0] {
        return counts[row] == nil ? "a row that nobody added: \(row)" : "a row twice: \(row)"
      }
    }
    // A version that a horizon gives up is dropped arrival by arrival, as segments are rewritten:
    // it answers no label that may be asked for, whichever of its arrivals is left.
    for (key, row) in lastFound where required.contains(key) && last[key] != row {
      return "an earlier arrival wins: \(row)"
    }
    if let lost = required.first(where: { lastFound[$0] == nil }) { return "no version \(lost)" }
    return nil
  }
}

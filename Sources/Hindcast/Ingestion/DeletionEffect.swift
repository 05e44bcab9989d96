import HindcastCore
import HindcastJoin
import HindcastStore

/// What tombstones meet in the history that is there: versions after them that revive the record
/// (rule A4), and records that have no version at all.
struct DeletionEffect: Sendable {
  /// Beyond this many records nobody looks: a person can't, and it takes its time.
  static let recordLimit = 100

  private let group: GroupSnapshot
  private var recordCount = 0
  /// Versions, tombstones aside, that come after the tombstone of their record.
  private(set) var laterVersionCount = 0
  /// Records that such versions revive.
  private(set) var revivedRecordCount = 0
  /// Records without any version.
  private(set) var absentRecordCount = 0

  /// Whether every record was looked at.
  var isComplete: Bool { recordCount <= Self.recordLimit }

  /// Starts with the history before the deletion.
  init(_ group: GroupSnapshot) {
    self.group = group
  }

  /// Looks at the records of tombstones.
  mutating func add(_ tombstones: VersionBatch) throws(HindcastError) {
    let layout = KeyLayout(group.definition)
    for row in 0..<tombstones.count {
      recordCount += 1
      guard isComplete else { return }
      let record = try layout.decode(tombstones.keys.bytes(row))
      let event = tombstones.eventTimes.span(of: Int64.self)[row]
      let created = tombstones.createdTimes.flatMap { ticks($0, row) }
      try add(record, event: event, created: created)
    }
  }

  private mutating func add(
    _ record: [Value], event: Int64, created: Int64?
  ) throws(HindcastError) {
    let versions = try GroupHistory.versions(of: record, in: group).map(\.version)
    if versions.isEmpty { absentRecordCount += 1 }
    let later = versions.filter { version in
      guard !version.isTombstone else { return false }
      guard version.eventTime == event else { return version.eventTime > event }
      // A tie goes to the tombstone, which arrives last.
      guard let known = version.createdTime else { return false }
      return created.map { known > $0 } ?? true
    }
    laterVersionCount += later.count
    if !later.isEmpty { revivedRecordCount += 1 }
  }

  private func ticks(_ column: Column, _ row: Int) -> Int64? {
    guard case .integer(let ticks) = column[row] else { return nil }
    return Int64(exactly: ticks)
  }
}

extension DeletionEffect {
  /// What a person should know; empty if the records are gone from the tombstones on.
  var notes: String {
    var notes = ""
    if laterVersionCount > 0 {
      let verb = revivedRecordCount == 1 ? "is" : "are"
      notes +=
        "note: \(Quantities.count(revivedRecordCount, "record")) \(verb) there again later: "
        + "\(Quantities.count(laterVersionCount, "version")) after the tombstone; "
        + "see 'hindcast history'\n"
    }
    if absentRecordCount > 0 {
      notes +=
        "note: \(Quantities.count(absentRecordCount, "record")) had no version at all: "
        + "check the identifier\n"
    }
    if !isComplete {
      notes +=
        "note: only the first \(Quantities.count(Self.recordLimit)) records were looked up for "
        + "later versions\n"
    }
    return notes
  }
}

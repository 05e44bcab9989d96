/// Which encodings lost on the last pages of a column: those are weighed ever more rarely.
///
/// Weighing takes most of the time of encoding, and the pages of a column are much alike. An
/// encoding that loses is weighed on the second page after, then on the third and on each seventh;
/// one that wins is weighed on the next page again. So pages take more bytes than they need where
/// an encoding begins to pay: six at most.
///
/// Depends on the pages alone, which come one after the other.
final class EncodingHistory: @unchecked Sendable {
  private var records: [Contest: Record] = [:]

  /// How many pages are passed over after so many losses.
  ///
  /// Distances of 2, 3 and 7 pages, so that pages that take turns are all met.
  private static let skips = [0, 1, 2, 6]

  private struct Contest: Hashable {
    let place: UInt64
    let encoding: Encoding
  }

  private struct Record {
    var losses = 0
    var pagesToSkip = 0
    /// Whether it is weighed on this page.
    var isWeighed = false
  }

  init() {}

  /// None where size is all that counts.
  convenience init?(for profile: Profile) {
    guard profile != .small else { return nil }
    self.init()
  }

  /// Whether an encoding is to be weighed for the node at `place`; to be asked once a page.
  func isDue(_ encoding: Encoding, at place: UInt64) -> Bool {
    let contest = Contest(place: place, encoding: encoding)
    var record = records[contest, default: Record()]
    record.isWeighed = record.pagesToSkip == 0
    if !record.isWeighed { record.pagesToSkip -= 1 }
    records[contest] = record
    return record.isWeighed
  }

  /// Notes which encoding the node at `place` got of those that were weighed for it.
  func settle(_ winner: Encoding?, among encodings: [Encoding], at place: UInt64) {
    for encoding in encodings {
      let contest = Contest(place: place, encoding: encoding)
      guard var record = records[contest], record.isWeighed else { continue }
      record.isWeighed = false
      record.losses = encoding == winner ? 0 : min(record.losses + 1, Self.skips.count - 1)
      record.pagesToSkip = Self.skips[record.losses]
      records[contest] = record
    }
  }
}

import HindcastCore
import HindcastFormat
import Synchronization

/// Where a commit lies in the log.
struct LogPlace: Hashable, Sendable {
  /// The log file, by the number in its name.
  let log: UInt64
  /// Where the commit starts in it.
  let offset: Int
  /// The length of the commit.
  let byteCount: Int
}

/// Rows that a commit of the log added to a group, and that no segment holds yet.
final class LoggedRows: Sendable {
  /// The commit, which is their place in the order of arrival.
  let commitNumber: UInt64
  /// How many there are.
  let rowCount: Int
  /// Where the commit lies.
  let place: LogPlace
  /// Which of the commit's edits holds them.
  let editIndex: Int
  private let payload: Mutex<RowsPayload?>

  /// - Parameter payload: the rows; nil if they are to be read when they are needed.
  init(
    commitNumber: UInt64, rowCount: Int, place: LogPlace, editIndex: Int, payload: RowsPayload?
  ) {
    self.commitNumber = commitNumber
    self.rowCount = rowCount
    self.place = place
    self.editIndex = editIndex
    self.payload = Mutex(payload)
  }

  /// The rows, in order of arrival.
  /// - Throws: `corrupt` if the log holds something else; `io`.
  func batch(
    of group: FeatureGroup, log: CommitLog
  ) throws(HindcastError) -> VersionBatch {
    try rows(log).batch(of: group, file: log.layout.log(place.log))
  }

  /// What the rows take in memory, about.
  /// - Throws: as ``batch(of:log:)``.
  func byteCount(log: CommitLog) throws(HindcastError) -> Int { try rows(log).blockByteCount }

  private func rows(_ log: CommitLog) throws(HindcastError) -> RowsPayload {
    if let payload = payload.withLock({ $0 }) { return payload }
    let commit = try log.commit(commitNumber)
    guard commit.edits.indices.contains(editIndex),
      case .addRows(_, let found) = commit.edits[editIndex], found.rowCount == rowCount
    else {
      throw HindcastError(
        .corrupt,
        "commit \(commitNumber) does not hold the rows that a checkpoint says it does: remove the "
          + "checkpoint", at: .init(file: log.layout.log(place.log), byteOffset: place.offset))
    }
    payload.withLock { $0 = found }
    return found
  }
}

/// The tags of logged rows in a checkpoint.
private enum Tag {
  static let commitNumber: UInt16 = 1
  static let rowCount: UInt16 = 2
  static let log: UInt16 = 3
  static let offset: UInt16 = 4
  static let byteCount: UInt16 = 5
  static let editIndex: UInt16 = 6
}

extension LoggedRows {
  func encode(to target: inout TaggedEncoder) {
    target.integer(Tag.commitNumber, commitNumber)
    target.integer(Tag.rowCount, rowCount)
    target.integer(Tag.log, place.log)
    target.integer(Tag.offset, place.offset)
    target.integer(Tag.byteCount, place.byteCount)
    target.integer(Tag.editIndex, editIndex)
  }

  convenience init(_ source: TaggedFields) throws(HindcastError) {
    self.init(
      commitNumber: try source.integer(Tag.commitNumber), rowCount: try source.count(Tag.rowCount),
      place: LogPlace(
        log: try source.integer(Tag.log), offset: try source.count(Tag.offset),
        byteCount: try source.count(Tag.byteCount)),
      editIndex: try source.count(Tag.editIndex), payload: nil)
  }
}

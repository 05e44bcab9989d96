import HindcastCore
public import HindcastFormat

/// What a commit says of a segment, so that a reader can tell whether it needs it without opening
/// it.
public struct SegmentReference: Hashable, Sendable {
  /// The segment's name in the store.
  public var uid: SegmentUID
  /// The group whose rows it holds; the id survives renames.
  public var groupID: UInt32
  /// The commit that took its last rows in, which is its place in the order of arrival.
  public var commitNumber: UInt64
  /// The commit that took its first rows in, if it is another: the segment was made of older ones.
  public var firstCommit: UInt64?
  /// The number of rows.
  public var rowCount: Int
  /// The number of records.
  public var runCount: Int
  /// The size of the file.
  public var byteCount: Int
  /// The earliest event time, in ticks of the group's unit.
  public var minEventTime: Int64
  /// The latest event time.
  public var maxEventTime: Int64
  /// How many rows are tombstones.
  public var tombstoneCount: Int
  /// The checksum of the segment's trailer, from which everything in it is checked.
  public var trailerChecksum: UInt64
  /// What is known of the features.
  public var columns: [ColumnFact]

  /// What a commit says of one feature in a segment.
  public struct ColumnFact: Hashable, Sendable {
    /// The feature's field id.
    public var fieldID: UInt32
    /// How many rows are null.
    public var nullCount: Int

    /// Creates a fact.
    public init(fieldID: UInt32, nullCount: Int) {
      self.fieldID = fieldID
      self.nullCount = nullCount
    }
  }

  /// Creates a reference.
  public init(
    uid: SegmentUID, groupID: UInt32, commitNumber: UInt64, rowCount: Int, runCount: Int,
    byteCount: Int, minEventTime: Int64, maxEventTime: Int64, tombstoneCount: Int,
    trailerChecksum: UInt64, columns: [ColumnFact], firstCommit: UInt64? = nil
  ) {
    self.uid = uid
    self.groupID = groupID
    self.commitNumber = commitNumber
    self.firstCommit = firstCommit
    self.rowCount = rowCount
    self.runCount = runCount
    self.byteCount = byteCount
    self.minEventTime = minEventTime
    self.maxEventTime = maxEventTime
    self.tombstoneCount = tombstoneCount
    self.trailerChecksum = trailerChecksum
    self.columns = columns
  }

  /// The commits whose rows of the group it holds.
  public var commits: ClosedRange<UInt64> { (firstCommit ?? commitNumber)...commitNumber }
}

/// The tags of a segment reference.
private enum Tag {
  static let uid: UInt16 = 1
  static let groupID: UInt16 = 2
  static let rowCount: UInt16 = 3
  static let runCount: UInt16 = 4
  static let byteCount: UInt16 = 5
  static let minEventTime: UInt16 = 6
  static let maxEventTime: UInt16 = 7
  static let tombstoneCount: UInt16 = 8
  static let trailerChecksum: UInt16 = 9
  static let column: UInt16 = 10
  static let commitNumber: UInt16 = 11
  static let firstCommit: UInt16 = 12
  static let known: ClosedRange<UInt16> = 1...12
}

extension SegmentReference {
  func encode(to target: inout TaggedEncoder) {
    target.text(Tag.uid, uid.description)
    target.integer(Tag.groupID, groupID)
    target.integer(Tag.rowCount, rowCount)
    target.integer(Tag.runCount, runCount)
    target.integer(Tag.byteCount, byteCount)
    target.integer(Tag.minEventTime, minEventTime)
    target.integer(Tag.maxEventTime, maxEventTime)
    target.integer(Tag.tombstoneCount, tombstoneCount)
    target.integer(Tag.trailerChecksum, trailerChecksum)
    for column in columns {
      target.nested(Tag.column) {
        $0.integer(1, column.fieldID)
        $0.integer(2, column.nullCount)
      }
    }
    target.integer(Tag.commitNumber, commitNumber)
    if let firstCommit { target.integer(Tag.firstCommit, firstCommit) }
  }

  init(_ source: TaggedFields) throws(HindcastError) {
    try source.checkUnderstood(Tag.known)
    let name = try source.text(Tag.uid)
    guard let uid = SegmentUID(name), uid.description == name else { throw source.damaged(Tag.uid) }
    var columns: [ColumnFact] = []
    for column in try source.allNested(Tag.column) {
      columns.append(
        ColumnFact(fieldID: try column.integer(1), nullCount: try column.count(2)))
    }
    self.init(
      uid: uid,
      groupID: try source.integer(Tag.groupID),
      commitNumber: try source.integer(Tag.commitNumber),
      rowCount: try source.count(Tag.rowCount), runCount: try source.count(Tag.runCount),
      byteCount: try source.count(Tag.byteCount),
      minEventTime: try source.integer(Tag.minEventTime),
      maxEventTime: try source.integer(Tag.maxEventTime),
      tombstoneCount: try source.count(Tag.tombstoneCount),
      trailerChecksum: try source.integer(Tag.trailerChecksum), columns: columns,
      firstCommit: try source.optionalInteger(Tag.firstCommit))
    if let firstCommit, firstCommit >= commitNumber { throw source.damaged(Tag.firstCommit) }
  }
}

extension SegmentReference {
  /// What a commit says of a segment that was just written.
  /// - Parameter nullCounts: of each feature, by field id.
  init(
    _ summary: SegmentSummary, uid: SegmentUID, groupID: UInt32, commits: ClosedRange<UInt64>,
    nullCounts: [(UInt32, Int)]
  ) {
    self.init(
      uid: uid, groupID: groupID, commitNumber: commits.upperBound, rowCount: summary.rowCount,
      runCount: summary.runCount, byteCount: summary.byteCount,
      minEventTime: summary.minEventTime, maxEventTime: summary.maxEventTime,
      tombstoneCount: summary.tombstoneCount, trailerChecksum: summary.trailerChecksum,
      columns: nullCounts.map { ColumnFact(fieldID: $0, nullCount: $1) },
      firstCommit: commits.count > 1 ? commits.lowerBound : nil)
  }
}

import HindcastCore

/// What a segment holds, in figures.
public struct SegmentSummary: Hashable, Sendable {
  /// Versions of records.
  public var rowCount: Int
  /// Records: distinct record identifiers.
  public var runCount: Int
  /// The length of the file.
  public var byteCount: Int
  /// The least event time in ticks of the schema's unit; 0 if there are no rows.
  public var minEventTime: Int64
  /// The greatest event time in ticks of the schema's unit; 0 if there are no rows.
  public var maxEventTime: Int64
  /// Rows that are tombstones.
  public var tombstoneCount: Int
  /// Rows whose created time is null; 0 if the group has none.
  public var createdTimeNullCount: Int
  /// The least created time that is not null; 0 if there is none.
  public var minCreatedTime: Int64
  /// The greatest created time that is not null; 0 if there is none.
  public var maxCreatedTime: Int64
  /// The checksum of the trailer, which covers all of the file through its parents.
  public var trailerChecksum: UInt64
}

extension SegmentSummary {
  static let sectionByteCount = 64

  static let empty = SegmentSummary(
    rowCount: 0, runCount: 0, byteCount: 0, minEventTime: 0, maxEventTime: 0, tombstoneCount: 0,
    createdTimeNullCount: 0, minCreatedTime: 0, maxCreatedTime: 0, trailerChecksum: 0)

  func bytes() -> Buffer {
    var bytes = MutableBuffer()
    bytes.put(count: rowCount)
    bytes.put(count: runCount)
    bytes.put(count: tombstoneCount)
    bytes.put(minEventTime)
    bytes.put(maxEventTime)
    bytes.put(count: createdTimeNullCount)
    bytes.put(minCreatedTime)
    bytes.put(maxCreatedTime)
    return bytes.freeze()
  }

  /// Reads a summary whose checksum is right, and checks it (step 11).
  init(
    _ section: Buffer, fileByteCount: Int, trailerChecksum: UInt64, place: Place
  ) throws(HindcastError) {
    var fields = FieldReader(section, place: place, code: .segmentBadSummary)
    rowCount = try fields.count()
    runCount = try fields.count()
    tombstoneCount = try fields.count()
    minEventTime = try fields.integer(Int64.self)
    maxEventTime = try fields.integer(Int64.self)
    createdTimeNullCount = try fields.count()
    minCreatedTime = try fields.integer(Int64.self)
    maxCreatedTime = try fields.integer(Int64.self)
    byteCount = fileByteCount
    self.trailerChecksum = trailerChecksum
    guard rowCount <= Int(UInt64.max >> 8), runCount <= rowCount, tombstoneCount <= rowCount,
      createdTimeNullCount <= rowCount, (runCount == 0) == (rowCount == 0)
    else { throw place.error(.segmentBadSummary, "the numbers of rows and records contradict") }
  }
}

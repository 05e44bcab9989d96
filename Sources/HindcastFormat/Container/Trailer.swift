import HindcastCore

/// The last 64 bytes of a segment: where the section table is.
struct Trailer {
  static let byteCount = 64
  static let magic = Header.magic.byteSwapped

  var table: PieceReference
  var fileByteCount: Int
  var uid: SegmentUID

  init(table: PieceReference, fileByteCount: Int, uid: SegmentUID) {
    self.table = table
    self.fileByteCount = fileByteCount
    self.uid = uid
  }

  /// The trailer's bytes and its checksum.
  func bytes() -> (bytes: Buffer, checksum: UInt64) {
    var bytes = MutableBuffer(capacity: Self.byteCount)
    table.write(to: &bytes)
    bytes.put(count: fileByteCount)
    bytes.put(uid.high.bigEndian)
    bytes.put(uid.low.bigEndian)
    let covered = Buffer(copying: bytes.span(of: UInt8.self))
    let checksum = Checksum(uid).of(covered.bytes, at: fileByteCount - Self.byteCount)
    bytes.put(checksum)
    bytes.put(Self.magic)
    return (bytes.freeze(), checksum)
  }

  /// Whether `bytes` end as a trailer does (step 2).
  static func hasMagic(_ bytes: Buffer) -> Bool { bytes.bytes.load(56, as: UInt64.self) == magic }

  /// Reads a trailer that has its magic, and checks it (steps 3 to 5).
  init(
    _ bytes: Buffer, place: Place, expecting expected: UInt64?, ignoringChecksums: Bool
  ) throws(HindcastError) {
    uid = SegmentUID(
      high: UInt64(bigEndian: bytes.bytes.load(32, as: UInt64.self)),
      low: UInt64(bigEndian: bytes.bytes.load(40, as: UInt64.self)))
    let stored = bytes.bytes.load(48, as: UInt64.self)
    var checksum = Checksum(uid)
    checksum.acceptsAll = ignoringChecksums
    let isIntact = checksum.accepts(
      stored, of: bytes.bytes.extracting(0..<48), at: place.byteOffset)
    guard isIntact, expected == nil || expected == stored else {
      throw place.error(
        .segmentChecksumMismatch,
        isIntact
          ? "the segment is not the one that the commit names"
          : "the trailer is damaged, or bytes before it are missing")
    }
    var fields = FieldReader(bytes, place: place, code: .segmentBadTrailer)
    table = try PieceReference(&fields)
    fileByteCount = try fields.count()
    guard fileByteCount == place.byteOffset + Self.byteCount else {
      throw place.error(
        .segmentTruncated,
        "the file has \(place.byteOffset + Self.byteCount) bytes, its trailer says "
          + "\(fileByteCount)", at: 24)
    }
    guard table.isInside(fileByteCount), table.byteCount > 0,
      table.byteCount % SectionTable.entryByteCount == 0
    else { throw place.error(.segmentBadTrailer, "the section table is not inside the file") }
  }
}

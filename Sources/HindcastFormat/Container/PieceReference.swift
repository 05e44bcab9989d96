import HindcastCore

/// Where a piece of a segment lies, and what its bytes must hash to.
struct PieceReference: Hashable, Sendable {
  static let byteCount = 24

  var offset: Int
  var byteCount: Int
  var checksum: UInt64

  static let none = PieceReference(offset: 0, byteCount: 0, checksum: 0)

  init(offset: Int, byteCount: Int, checksum: UInt64) {
    self.offset = offset
    self.byteCount = byteCount
    self.checksum = checksum
  }

  init(_ fields: inout FieldReader) throws(HindcastError) {
    offset = try fields.count()
    byteCount = try fields.count()
    checksum = try fields.integer(UInt64.self)
  }

  func write(to bytes: inout MutableBuffer) {
    bytes.put(count: offset)
    bytes.put(count: byteCount)
    bytes.put(checksum)
  }

  /// Whether the piece starts at the first place after another where one may.
  func follows(_ other: PieceReference) -> Bool {
    offset == (other.offset + other.byteCount + Limits.alignment - 1) & -Limits.alignment
  }

  /// Whether the piece lies between the header and the trailer of a file, where a piece may start.
  func isInside(_ fileByteCount: Int) -> Bool {
    offset >= Header.byteCount && isInsideOrHeader(fileByteCount)
  }

  /// As ``isInside(_:)``, but the piece may be the header.
  func isInsideOrHeader(_ fileByteCount: Int) -> Bool {
    let end = fileByteCount - Trailer.byteCount
    return offset % Limits.alignment == 0 && offset <= end && byteCount <= end - offset
  }
}

import HindcastCore

/// The first 64 bytes of a segment.
enum Header {
  static let byteCount = 64
  static let magic: UInt64 = 0x1A0A_0D47_4553_4348
  static let majorVersion: UInt16 = 1
  static let minorVersion: UInt16 = 0

  static func bytes(_ uid: SegmentUID) -> Buffer {
    var bytes = MutableBuffer(capacity: byteCount)
    bytes.put(magic)
    bytes.put(majorVersion)
    bytes.put(minorVersion)
    bytes.put(UInt32(0))
    bytes.put(UInt64(0))
    bytes.put(UInt64(0))
    bytes.put(uid.high.bigEndian)
    bytes.put(uid.low.bigEndian)
    bytes.resize(byteCount: byteCount)
    return bytes.freeze()
  }

  /// Checks a header whose checksum is right (step 10).
  static func check(
    _ header: Buffer, uid: SegmentUID, place: Place
  ) throws(HindcastError) {
    var fields = FieldReader(header, place: place, code: .segmentBadHeader)
    guard try fields.integer(UInt64.self) == magic else {
      throw place.error(.segmentBadMagic, "this is no Hindcast segment")
    }
    let major = try fields.integer(UInt16.self)
    guard major == majorVersion else {
      throw place.error(
        .segmentUnsupportedVersion,
        "the segment has format version \(major); this program reads \(majorVersion): "
          + "use the program that wrote it, or a newer one", at: 8)
    }
    try fields.skip(6)
    let incompatible = try fields.integer(UInt64.self)
    guard incompatible == 0 else {
      throw place.error(
        .segmentUnsupportedFeature,
        "the segment uses format features (mask \(String(incompatible, radix: 16))) that this "
          + "program does not know: use a newer one", at: 16)
    }
    try fields.skip(8)
    let high = UInt64(bigEndian: try fields.integer(UInt64.self))
    let low = UInt64(bigEndian: try fields.integer(UInt64.self))
    guard SegmentUID(high: high, low: low) == uid else {
      throw place.error(.segmentBadHeader, "header and trailer name two segments", at: 32)
    }
  }
}

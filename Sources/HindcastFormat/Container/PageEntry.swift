import HindcastCore

/// What a page directory block says of one page.
struct PageEntry: Hashable, Sendable {
  static let byteCount = 32
  static let zonedByteCount = 48

  var piece: PieceReference
  var contentByteCount: Int
  var nullCount: Int
  var codec: UInt8
  /// Least and greatest value; raw bits, so that they hold `UInt64` keys too.
  var minimum: Int64
  var maximum: Int64

  func write(to bytes: inout MutableBuffer, hasZones: Bool) {
    bytes.put(count: piece.offset)
    bytes.put(UInt32(piece.byteCount))
    bytes.put(UInt32(contentByteCount))
    bytes.put(UInt32(nullCount))
    bytes.put(UInt32(codec))
    bytes.put(piece.checksum)
    guard hasZones else { return }
    bytes.put(minimum)
    bytes.put(maximum)
  }

  /// Reads an entry, unchecked.
  init(_ fields: inout FieldReader, hasZones: Bool) throws(HindcastError) {
    let offset = try fields.count()
    let byteCount = Int(try fields.integer(UInt32.self))
    contentByteCount = Int(try fields.integer(UInt32.self))
    nullCount = Int(try fields.integer(UInt32.self))
    let codecWord = try fields.integer(UInt32.self)
    guard codecWord <= 0xFF else { throw fields.refusal("reserved bytes are not zero") }
    codec = UInt8(codecWord)
    piece = PieceReference(
      offset: offset, byteCount: byteCount, checksum: try fields.integer(UInt64.self))
    minimum = hasZones ? try fields.integer(Int64.self) : 0
    maximum = hasZones ? try fields.integer(Int64.self) : 0
  }

  init(
    piece: PieceReference, contentByteCount: Int, nullCount: Int, codec: UInt8, minimum: Int64,
    maximum: Int64
  ) {
    self.piece = piece
    self.contentByteCount = contentByteCount
    self.nullCount = nullCount
    self.codec = codec
    self.minimum = minimum
    self.maximum = maximum
  }
}

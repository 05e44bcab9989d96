import HindcastCore

/// Reads fixed-size fields one after the other from a piece that lies in memory.
///
/// Every read is checked; what ends too early is refused with the code given at the start.
struct FieldReader {
  let piece: Buffer
  let place: Place
  let code: HindcastError.Code
  private(set) var offset: Int
  let end: Int

  init(_ piece: Buffer, place: Place, code: HindcastError.Code) {
    self.init(piece, range: 0..<piece.byteCount, place: place, code: code)
  }

  private init(_ piece: Buffer, range: Range<Int>, place: Place, code: HindcastError.Code) {
    self.piece = piece
    self.place = place
    self.code = code
    offset = range.lowerBound
    end = range.upperBound
  }

  var isAtEnd: Bool { offset == end }

  mutating func integer<T: FixedWidthInteger & BitwiseCopyable>(
    _ type: T.Type
  ) throws(HindcastError) -> T {
    let start = offset
    try skip(MemoryLayout<T>.size)
    return piece.bytes.load(start, as: type)
  }

  /// The next byte, which is not consumed.
  func peekByte() throws(HindcastError) -> UInt8 {
    var copy = self
    return try copy.integer(UInt8.self)
  }

  /// A length or an offset, which must fit a signed 64-bit number.
  mutating func count() throws(HindcastError) -> Int {
    let start = offset
    guard let value = Int(exactly: try integer(UInt64.self)) else {
      throw place.error(code, "a length or offset is beyond 2^63", at: start)
    }
    return value
  }

  mutating func skip(_ byteCount: Int) throws(HindcastError) {
    guard byteCount >= 0, byteCount <= end - offset else {
      throw place.error(code, "it ends in the middle of a field", at: offset)
    }
    offset += byteCount
  }

  /// A reader of the next `byteCount` bytes alone.
  mutating func part(_ byteCount: Int) throws(HindcastError) -> FieldReader {
    let start = offset
    try skip(byteCount)
    return FieldReader(piece, range: start..<offset, place: place, code: code)
  }

  /// The bytes from here to the end as UTF-8 text.
  mutating func text() throws(HindcastError) -> String {
    let start = offset
    offset = end
    let bytes = piece.span(of: UInt8.self)
    guard let text = String(validating: (start..<end).map { bytes[$0] }, as: UTF8.self) else {
      throw place.error(code, "a text is not UTF-8", at: start)
    }
    return text
  }

  func refusal(_ message: String) -> HindcastError { place.error(code, message, at: offset) }
}

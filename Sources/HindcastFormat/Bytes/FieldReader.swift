import HindcastCore

/// Reads fixed-size fields one after the other from a piece that lies in memory.
///
/// Every read is checked; what ends too early is refused with the code given at the start.
struct FieldReader {
  let piece: Buffer
  let place: Place
  let code: HindcastError.Code
  private(set) var offset = 0
  /// Where the piece ends, or the part of it that is read at the moment.
  private(set) var end: Int

  init(_ piece: Buffer, place: Place, code: HindcastError.Code) {
    self.piece = piece
    self.place = place
    self.code = code
    end = piece.byteCount
  }

  var isAtEnd: Bool { offset == end }

  @inline(__always)
  mutating func integer<T: FixedWidthInteger & BitwiseCopyable>(
    _ type: T.Type
  ) throws(HindcastError) -> T {
    let start = offset
    try skip(MemoryLayout<T>.size)
    return piece.bytes.load(start, as: type)
  }

  /// The next byte, which is not consumed.
  mutating func peekByte() throws(HindcastError) -> UInt8 {
    let byte = try integer(UInt8.self)
    offset -= 1
    return byte
  }

  /// A length or an offset, which must fit a signed 64-bit number.
  @inline(__always)
  mutating func count() throws(HindcastError) -> Int {
    let start = offset
    guard let value = Int(exactly: try integer(UInt64.self)) else {
      throw place.error(code, "a length or offset is beyond 2^63", at: start)
    }
    return value
  }

  @inline(__always)
  mutating func skip(_ byteCount: Int) throws(HindcastError) {
    guard byteCount >= 0, byteCount <= end - offset else {
      throw place.error(code, "it ends in the middle of a field", at: offset)
    }
    offset += byteCount
  }

  /// Makes the next `byteCount` bytes all that is left to read; returns what ``leave(_:)`` takes.
  mutating func enter(_ byteCount: Int) throws(HindcastError) -> Int {
    let outer = end
    let start = offset
    try skip(byteCount)
    (offset, end) = (start, offset)
    return outer
  }

  /// Goes on after a part, whatever was read of it.
  mutating func leave(_ outer: Int) {
    (offset, end) = (end, outer)
  }

  /// The bytes from here to the end as UTF-8 text.
  mutating func text() throws(HindcastError) -> String {
    let start = offset
    offset = end
    let piece = self.piece
    let bytes = piece.span(of: UInt8.self).extracting(start..<end)
    guard let text = try? UTF8Span(validating: bytes) else {
      throw place.error(code, "a text is not UTF-8", at: start)
    }
    return String(copying: text)
  }

  func refusal(_ message: String) -> HindcastError { place.error(code, message, at: offset) }
}

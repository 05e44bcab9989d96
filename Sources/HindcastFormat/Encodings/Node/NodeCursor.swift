import HindcastCore

/// Walks the content of a page from front to back; every step is checked.
struct NodeCursor {
  let content: Buffer
  let place: Place
  private(set) var offset = 0

  init(_ content: Buffer, place: Place) {
    self.content = content
    self.place = place
  }

  var isAtEnd: Bool { offset == content.byteCount }

  /// Takes the next `byteCount` bytes, padded to 8, and returns where they are.
  mutating func take(_ byteCount: Int) throws(HindcastError) -> Range<Int> {
    let rest = content.byteCount - offset
    guard byteCount >= 0, byteCount <= rest, padded8(byteCount) <= rest else {
      throw bad("a node reaches beyond the page")
    }
    let start = offset
    offset += padded8(byteCount)
    return start..<start + byteCount
  }

  /// Takes the words of `count` values of `bits` bits.
  mutating func takeWords(_ count: Int, bits: Int) throws(HindcastError) -> Range<Int> {
    let (total, overflow) = count.multipliedReportingOverflow(by: bits)
    guard !overflow, total <= Int.max - 63 else { throw bad("a node has too many values") }
    return try take(packedWordCount(count, bits: bits) * 8)
  }

  /// The next node's header; `count` is the number of values it must have, if that is known.
  mutating func header(
    count: Int? = nil, depth: Int
  ) throws(HindcastError) -> NodeHeader {
    guard depth <= Limits.nodeDepth else {
      throw place.error(
        .segmentNestingTooDeep, "encodings are nested deeper than \(Limits.nodeDepth)", at: offset)
    }
    let start = offset
    let header = try peekHeader()
    offset += NodeHeader.byteCount
    guard count == nil || header.count == count else {
      throw place.error(
        .segmentBadPage, "a node has \(header.count) values where \(count ?? 0) belong", at: start)
    }
    return header
  }

  /// The next node's header, which is not consumed.
  func peekHeader() throws(HindcastError) -> NodeHeader {
    guard content.byteCount - offset >= NodeHeader.byteCount else {
      throw bad("the page ends where a node belongs")
    }
    let bytes = content.bytes
    let id = bytes.load(offset, as: UInt8.self)
    guard let encoding = Encoding(rawValue: id) else { throw unknownEncoding("number \(id)") }
    guard bytes.load(offset + 2, as: UInt16.self) == 0 else {
      throw bad("a reserved byte of a node is not zero")
    }
    return NodeHeader(
      encoding: encoding, parameter: bytes.load(offset + 1, as: UInt8.self),
      count: Int(bytes.load(offset + 4, as: UInt32.self)))
  }

  /// A scalar of a body, which must fit `type`.
  mutating func scalar<T: NodeInteger>(_ type: T.Type) throws(HindcastError) -> T {
    let range = try take(T.scalarByteCount)
    if T.isWide { return content.bytes.load(range.lowerBound, as: T.self) }
    guard let value = T(exactly: content.bytes.load(range.lowerBound, as: UInt64.self)) else {
      throw bad("a number does not fit its column")
    }
    return value
  }

  /// A length of a body.
  mutating func length() throws(HindcastError) -> Int {
    guard let length = Int(exactly: try scalar(UInt64.self)) else {
      throw bad("a length is beyond 2^63")
    }
    return length
  }

  func bad(_ message: String) -> HindcastError { place.error(.segmentBadPage, message, at: offset) }

  func limit(_ message: String) -> HindcastError {
    place.error(.segmentLimitExceeded, message, at: offset)
  }

  func unknownEncoding(_ what: String) -> HindcastError {
    place.error(
      .segmentUnknownEncoding,
      "encoding \(what) is not known here: the segment is damaged, or of a newer version",
      at: offset)
  }
}

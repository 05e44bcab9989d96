import HindcastCore

/// Walks the nodes of a page from front to back; every step is checked.
struct NodeCursor: ~Copyable, ~Escapable {
  let content: RawSpan
  private(set) var offset = 0
  /// The values that nodes may still have in all: see 03-encodings, "Nesting".
  private var budget: Int

  /// - Parameter count: the values of the page.
  @_lifetime(copy content)
  init(_ content: RawSpan, count: Int) {
    self.content = content
    budget = Limits.nodeWork * count + 1024
  }

  var isAtEnd: Bool { offset == content.byteCount }

  /// Allows for the elements of a list.
  mutating func allowElements(_ count: Int) { budget += Limits.nodeWork * count }

  /// Takes the next `byteCount` bytes, padded to 8, and returns where they are.
  mutating func take(_ byteCount: Int) throws(NodeFault) -> Range<Int> {
    let rest = content.byteCount - offset
    guard byteCount >= 0, byteCount <= rest, padded8(byteCount) <= rest else {
      throw bad("a node reaches beyond the page")
    }
    let start = offset
    offset += padded8(byteCount)
    return start..<start + byteCount
  }

  /// Takes the words of `count` values of `bits` bits.
  mutating func takeWords(_ count: Int, bits: Int) throws(NodeFault) -> Range<Int> {
    let (total, overflow) = count.multipliedReportingOverflow(by: bits)
    guard !overflow, total <= Int.max - 63 else { throw bad("a node has too many values") }
    return try take(packedWordCount(count, bits: bits) * 8)
  }

  /// The next node's header; it must have `count` values.
  mutating func header(count: Int, depth: Int) throws(NodeFault) -> NodeHeader {
    try checkDepth(depth)
    let start = offset
    let header = try peekHeader()
    offset += NodeHeader.byteCount
    guard header.count == count else {
      throw .bad("a node has \(header.count) values where \(count) belong", at: start)
    }
    budget -= count
    guard budget >= 0 else { throw .limit("the nodes of a page have too many values", at: start) }
    return header
  }

  private func checkDepth(_ depth: Int) throws(NodeFault) {
    guard depth <= Limits.nodeDepth else {
      throw NodeFault(
        code: .segmentNestingTooDeep,
        message: "encodings are nested deeper than \(Limits.nodeDepth)", offset: offset)
    }
  }

  /// The next node's header, which is not consumed.
  func peekHeader() throws(NodeFault) -> NodeHeader {
    guard content.byteCount - offset >= NodeHeader.byteCount else {
      throw bad("the page ends where a node belongs")
    }
    let id = content.load(offset, as: UInt8.self)
    guard let encoding = Encoding(rawValue: id) else { throw unknownEncoding("number \(id)") }
    guard content.load(offset + 2, as: UInt16.self) == 0 else {
      throw bad("a reserved byte of a node is not zero")
    }
    return NodeHeader(
      encoding: encoding, parameter: content.load(offset + 1, as: UInt8.self),
      count: Int(content.load(offset + 4, as: UInt32.self)))
  }

  /// The count of the next node, which its place does not say: 1...`limit`.
  func peekCount(
    atMost limit: Int, of what: String, depth: Int
  ) throws(NodeFault) -> Int {
    try checkDepth(depth)
    let count = try peekHeader().count
    guard count >= 1, count <= limit else { throw bad("\(count) \(what) for \(limit) values") }
    return count
  }

  /// A scalar of a body, which must fit `type`.
  mutating func scalar<T: NodeInteger>(_ type: T.Type) throws(NodeFault) -> T {
    let range = try take(T.scalarByteCount)
    if T.isWide { return content.load(range.lowerBound, as: T.self) }
    guard let value = T(exactly: content.load(range.lowerBound, as: UInt64.self)) else {
      throw bad("a number does not fit its column")
    }
    return value
  }

  /// A length of a body.
  mutating func length() throws(NodeFault) -> Int {
    guard let length = Int(exactly: try scalar(UInt64.self)) else {
      throw bad("a length is beyond 2^63")
    }
    return length
  }

  /// Refuses a parameter where there is none.
  func expectNoParameter(_ header: NodeHeader) throws(NodeFault) {
    guard header.parameter == 0 else { throw bad("a \(header.encoding.name) node has a parameter") }
  }

  func bad(_ message: String) -> NodeFault { .bad(message, at: offset) }

  func limit(_ message: String) -> NodeFault { .limit(message, at: offset) }

  func unknownEncoding(_ what: String) -> NodeFault {
    NodeFault(
      code: .segmentUnknownEncoding,
      message:
        "encoding \(what) is not known here: the segment is damaged, or of a newer version",
      offset: offset)
  }
}

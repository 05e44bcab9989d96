import HindcastCore

/// The node at the root of a page, or of a list's elements: values of a column's type.
///
/// Made once a page; then values are decoded all together or read one by one.
struct ColumnNode: Sendable {
  let type: DataType
  let count: Int
  let nullCount: Int
  /// Nil if no value is null.
  let validity: BoolNode?
  let body: Body

  indirect enum Body: Sendable {
    /// All values are null.
    case null
    case bools(BoolNode)
    case int8(IntegerNode<UInt8>)
    case int16(IntegerNode<UInt16>)
    case int32(IntegerNode<UInt32>)
    case int64(IntegerNode<UInt64>)
    case int128(IntegerNode<UInt128>)
    case fixed(FixedNode, stride: Int)
    case bytes(BytesNode)
    case list(ListNode)
  }

  /// Reads the next node; `count` must be proven within the page's limit for the type.
  init(
    _ cursor: inout NodeCursor, type: DataType, count: Int, isNullable: Bool
  ) throws(NodeFault) {
    self.type = type
    self.count = count
    switch try cursor.peekHeader().encoding {
    case .null where isNullable:
      try cursor.expectNoParameter(try cursor.header(count: count, depth: 1))
      (nullCount, validity, body) = (count, nil, .null)
    case .nullable where isNullable:
      try cursor.expectNoParameter(try cursor.header(count: count, depth: 1))
      let validity = try BoolNode(&cursor, count: count, depth: 1)
      self.validity = validity
      nullCount = count - validity.population(cursor.content, count: count)
      guard nullCount > 0 else { throw cursor.bad("a nullable node has no nulls") }
      body = try Body(&cursor, type: type, count: count)
    default:
      (nullCount, validity) = (0, nil)
      body = try Body(&cursor, type: type, count: count)
    }
  }

  /// All values as a column.
  func decode(_ content: Buffer) throws(NodeFault) -> Column {
    if case .null = body { return Column.allNull(type: type, count: count) }
    let bits = validity?.decode(content.bytes, count: count)
    let body = try body.decode(content, count: count)
    if let bits { try body.checkLengths(under: bits, count: count) }
    return Column(type: type, count: count, nullCount: nullCount, validity: bits, body: body)
  }

  /// Whether the value at `index` is null.
  func isNull(_ content: RawSpan, at index: Int) -> Bool {
    if let validity { return !validity.value(content, at: index) }
    return nullCount > 0
  }

  /// The tree of encodings, for people.
  var description: String {
    guard let validity else { return body.description }
    return "nullable(\(validity.description), \(body.description))"
  }
}

extension ColumnNode.Body {
  init(_ cursor: inout NodeCursor, type: DataType, count: Int) throws(NodeFault) {
    switch type.layout {
    case .bits: self = .bools(try BoolNode(&cursor, count: count, depth: 1))
    case .fixed(let width):
      if case .vector = type {
        self = .fixed(
          try FixedNode(&cursor, count: count, stride: width, depth: 1), stride: width)
        return
      }
      switch width {
      case 1: self = .int8(try IntegerNode(&cursor, count: count, depth: 1))
      case 2: self = .int16(try IntegerNode(&cursor, count: count, depth: 1))
      case 4: self = .int32(try IntegerNode(&cursor, count: count, depth: 1))
      case 8: self = .int64(try IntegerNode(&cursor, count: count, depth: 1))
      default: self = .int128(try IntegerNode(&cursor, count: count, depth: 1))
      }
    case .bytes: self = .bytes(try BytesNode(&cursor, count: count, depth: 1))
    case .list:
      self = .list(try ListNode(&cursor, element: type.element ?? .bool, count: count))
    }
  }

  func decode(_ content: Buffer, count: Int) throws(NodeFault) -> Column.Body {
    switch self {
    case .null: preconditionFailure("null has no values")
    case .bools(let node): return .bits(node.decode(content.bytes, count: count))
    case .int8(let node): return .fixed(try node.decoded(content.bytes, count: count))
    case .int16(let node): return .fixed(try node.decoded(content.bytes, count: count))
    case .int32(let node): return .fixed(try node.decoded(content.bytes, count: count))
    case .int64(let node): return .fixed(try node.decoded(content.bytes, count: count))
    case .int128(let node): return .fixed(try node.decoded(content.bytes, count: count))
    case .fixed(let node, let stride):
      return .fixed(node.decode(content, count: count, stride: stride))
    case .bytes(let node):
      let values = try node.decode(content, count: count)
      return .bytes(offsets: values.offsets, data: values.data)
    case .list(let node): return try node.decode(content)
    }
  }

  var description: String {
    switch self {
    case .null: "null"
    case .bools(let node): node.description
    case .int8(let node): node.description
    case .int16(let node): node.description
    case .int32(let node): node.description
    case .int64(let node): node.description
    case .int128(let node): node.description
    case .fixed(let node, _): node.description
    case .bytes(let node): node.description
    case .list(let node): node.description
    }
  }
}

extension Column.Body {
  /// Columns promise equal offsets under a null.
  func checkLengths(under validity: Buffer, count: Int) throws(NodeFault) {
    switch self {
    case .bytes(let offsets, _), .list(let offsets, _):
      let ends = offsets.span(of: Int32.self).extracting(0...count)
      let bits = validity.span(of: UInt8.self).extracting(0..<Bits.byteCount(count))
      guard !hasLengthUnderNull(ends, bits) else { throw .bad("a null has a length", at: 0) }
    default: return
    }
  }
}

/// Whether a value whose bit is 0 has a length; `ends` has one more than the values that `bits` has
/// room for.
///
/// Only bytes of eight values with a null among them are looked into.
private func hasLengthUnderNull(_ ends: Span<Int32>, _ bits: Span<UInt8>) -> Bool {
  let count = ends.count - 1
  for byte in 0..<count >> 3 where bits[byte] != 0xFF {
    let nulls = Int32(~bits[byte])
    let values = ends.extracting(byte &* 8..<byte &* 8 &+ 9)
    // Without a branch for each value: which are null is anyone's guess.
    var lengths: Int32 = 0
    for bit in 0..<8 {
      lengths |= (values[bit] ^ values[bit &+ 1]) & (0 &- (nulls &>> Int32(bit) & 1))
    }
    if lengths != 0 { return true }
  }
  for index in count & ~7..<count where ends[index] != ends[index + 1] {
    if !Bits.get(bits, index) { return true }
  }
  return false
}

extension Column {
  /// A column of nulls alone.
  static func allNull(type: DataType, count: Int) -> Column {
    let body: Body =
      switch type.layout {
      case .bits: .bits(MutableBuffer(byteCount: Bits.byteCount(count)).freeze())
      case .fixed(let width): .fixed(MutableBuffer(byteCount: count * width).freeze())
      case .bytes:
        .bytes(
          offsets: MutableBuffer(byteCount: 4 * (count + 1)).freeze(),
          data: MutableBuffer().freeze())
      case .list:
        .list(
          offsets: MutableBuffer(byteCount: 4 * (count + 1)).freeze(),
          child: allNull(type: type.element ?? .bool, count: 0))
      }
    return Column(
      type: type, count: count, nullCount: count,
      validity: MutableBuffer(byteCount: Bits.byteCount(count)).freeze(), body: body)
  }
}

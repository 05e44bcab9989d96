import HindcastCore

/// A node of numbers: its structure is checked, its values are still encoded.
///
/// Values that can still be wrong (a code beyond its dictionary) are checked when they are read.
/// Nodes with children are classes, so that walking down to a value copies nothing.
enum IntegerNode<T: NodeInteger>: Sendable {
  case constant(T)
  case plain(PlainNode<T>)
  case packed(PackedNode<T>)
  case delta(DeltaNode<T>)
  case runLength(RunLengthNode<T>)
  case dictionary(DictionaryNode<T>)
  case patched(PatchedNode<T>)
  case alp(ALPNode<T>)
  case alpRD(ALPRDNode<T>)
  case scaled(ScaledNode<T>)
}

extension IntegerNode {
  /// Reads the next node, which must have `count` values.
  init(_ cursor: inout NodeCursor, count: Int, depth: Int) throws(NodeFault) {
    let header = try cursor.header(count: count, depth: depth)
    switch header.encoding {
    case .constant, .plain, .delta, .runLength, .dictionary, .patched, .scaled:
      try cursor.expectNoParameter(header)
    default: break
    }
    switch header.encoding {
    case .constant:
      guard count >= 1 else { throw cursor.bad("a constant node has no values") }
      self = .constant(try cursor.scalar(T.self))
    case .plain: self = .plain(try PlainNode(&cursor, count: count))
    case .packed: self = .packed(try PackedNode(header, &cursor))
    case .delta: self = .delta(try DeltaNode(header, &cursor, depth: depth))
    case .runLength: self = .runLength(try RunLengthNode(header, &cursor, depth: depth))
    case .dictionary: self = .dictionary(try DictionaryNode(header, &cursor, depth: depth))
    case .patched: self = .patched(try PatchedNode(header, &cursor, depth: depth))
    case .scaled: self = .scaled(try ScaledNode(header, &cursor, depth: depth))
    case .alp where T.isFloatSize: self = .alp(try ALPNode(header, &cursor, depth: depth))
    case .alpRD where T.isFloatSize: self = .alpRD(try ALPRDNode(header, &cursor, depth: depth))
    default: throw cursor.unknownEncoding(header.encoding.name)
    }
  }

  /// Decodes the values of `range` over all of `target`.
  func decode(
    _ content: RawSpan, _ range: Range<Int>, into target: inout MutableSpan<T>
  ) throws(NodeFault) {
    precondition(target.count == range.count)
    if range.isEmpty { return }
    switch self {
    case .constant(let value): target.update(repeating: value)
    case .plain(let node): node.decode(content, range, into: &target)
    case .packed(let node): node.decode(content, range, into: &target)
    case .delta(let node): try node.decode(content, range, into: &target)
    case .runLength(let node): try node.decode(content, range, into: &target)
    case .dictionary(let node): try node.decode(content, range, into: &target)
    case .patched(let node): try node.decode(content, range, into: &target)
    case .alp(let node): try node.decode(content, range, into: &target)
    case .alpRD(let node): try node.decode(content, range, into: &target)
    case .scaled(let node): try node.decode(content, range, into: &target)
    }
  }

  /// The value at `index`, which must be one of the node's.
  func value(_ content: RawSpan, at index: Int) throws(NodeFault) -> T {
    switch self {
    case .constant(let value): value
    case .plain(let node): node.value(content, at: index)
    case .packed(let node): node.value(content, at: index)
    case .delta(let node): try node.value(content, at: index)
    case .runLength(let node): try node.value(content, at: index)
    case .dictionary(let node): try node.value(content, at: index)
    case .patched(let node): try node.value(content, at: index)
    case .alp(let node): try node.value(content, at: index)
    case .alpRD(let node): try node.value(content, at: index)
    case .scaled(let node): try node.value(content, at: index)
    }
  }

  /// Reads the values at `positions`, ascending, over all of `target`.
  func take(
    _ content: RawSpan, _ positions: Span<Int32>, into target: inout MutableSpan<T>
  ) throws(NodeFault) {
    precondition(target.count == positions.count)
    switch self {
    case .delta(let node): try node.take(content, positions, into: &target)
    default:
      for index in positions.indices {
        target[index] = try value(content, at: Int(positions[index]))
      }
    }
  }

  /// All `count` values.
  func decoded(_ content: RawSpan, count: Int) throws(NodeFault) -> Buffer {
    // Decoding writes all of it, or throws.
    var buffer = unsafe MutableBuffer(uninitializedByteCount: count * T.byteCount)
    var target = buffer.mutableSpan(of: T.self)
    try decode(content, 0..<count, into: &target)
    return buffer.freeze()
  }

  /// Whether a value is reached without its neighbours: by itself, or with the patches before it.
  var isPositional: Bool {
    switch self {
    case .constant, .plain, .packed, .patched: true
    default: false
    }
  }

  /// The tree of encodings, for people.
  var description: String {
    switch self {
    case .constant: "constant"
    case .plain: "plain"
    case .packed(let node): "packed:\(node.bits)"
    case .delta(let node): "delta(\(node.bases.description), \(node.deltas.description))"
    case .runLength(let node): node.description
    case .dictionary(let node): node.description
    case .patched(let node): node.description
    case .alp(let node): "alp:\(node.exponent)(\(node.integers.description))"
    case .alpRD(let node):
      "alp-rd:\(node.rightBits)(\(node.left.description), \(node.right.description))"
    case .scaled(let node): node.description
    }
  }
}

extension NodeInteger {
  /// Whether values may be the bits of a binary32 or binary64.
  @inline(__always) static var isFloatSize: Bool { byteCount == 4 || byteCount == 8 }
}

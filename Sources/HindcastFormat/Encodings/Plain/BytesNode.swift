import HindcastCore

/// A node of byte strings: its structure is checked, lengths are summed to offsets.
enum BytesNode: Sendable {
  case constant(Range<Int>)
  case plain(PlainBytesNode)
  case dictionary(BytesDictionaryNode)
  case fsst(FSSTNode)
  case alphabet(AlphabetNode)
}

extension BytesNode {
  /// Reads the next node, which must have `count` values.
  init(_ cursor: inout NodeCursor, count: Int, depth: Int) throws(NodeFault) {
    let header = try cursor.header(count: count, depth: depth)
    switch header.encoding {
    case .constant, .plain, .dictionary: try cursor.expectNoParameter(header)
    default: break
    }
    switch header.encoding {
    case .constant:
      let length = try cursor.length()
      let range = try cursor.take(length)
      guard count >= 1 else { throw cursor.bad("a constant node has no values") }
      let (total, overflow) = count.multipliedReportingOverflow(by: length)
      guard !overflow, total <= Limits.pageValueByteCount else {
        throw cursor.limit("a constant is too long for its page")
      }
      self = .constant(range)
    case .plain: self = .plain(try PlainBytesNode(&cursor, count: count, depth: depth))
    case .dictionary:
      self = .dictionary(try BytesDictionaryNode(&cursor, count: count, depth: depth))
    case .fsst: self = .fsst(try FSSTNode(header, &cursor, depth: depth))
    case .alphabet: self = .alphabet(try AlphabetNode(header, &cursor, depth: depth))
    default: throw cursor.unknownEncoding(header.encoding.name)
    }
  }

  /// All `count` values.
  ///
  /// Data that lies plain in the page is not copied.
  func decode(_ content: Buffer, count: Int) throws(NodeFault) -> ByteStrings {
    switch self {
    case .constant(let range): repeated(content.bytes.extracting(range), count: count)
    case .plain(let node): node.decode(content, count: count)
    case .dictionary(let node): try node.decode(content, count: count)
    case .fsst(let node): try node.decode(content.bytes, count: count)
    case .alphabet(let node): try node.decode(content.bytes, count: count)
    }
  }

  /// Adds the bytes of the value at `index`, which must be one of the node's.
  func append(
    _ content: RawSpan, at index: Int, to out: inout MutableBuffer
  ) throws(NodeFault) {
    switch self {
    case .constant(let range): out.append(contentsOf: content.extracting(range))
    case .plain(let node): out.append(contentsOf: content.extracting(node.range(at: index)))
    case .dictionary(let node): try node.append(content, at: index, to: &out)
    case .fsst(let node): try node.append(content, at: index, to: &out)
    case .alphabet(let node): try node.append(content, at: index, to: &out)
    }
  }

  /// The tree of encodings, for people.
  var description: String {
    switch self {
    case .constant: "constant"
    case .plain(let node): "plain(\(node.offsets.description))"
    case .dictionary(let node): node.description
    case .fsst(let node): node.description
    case .alphabet(let node): node.description
    }
  }
}

/// The value `count` times.
private func repeated(_ value: RawSpan, count: Int) -> ByteStrings {
  let length = value.byteCount
  var offsets = MutableBuffer(byteCount: 4 * (count + 1))
  var ends = offsets.mutableSpan(of: Int32.self)
  for index in ends.indices { ends[index] = Int32(index * length) }
  var data = MutableBuffer(capacity: count * length)
  if length > 0 { for _ in 0..<count { data.append(contentsOf: value) } }
  return ByteStrings(offsets: offsets.freeze(), data: data.freeze())
}

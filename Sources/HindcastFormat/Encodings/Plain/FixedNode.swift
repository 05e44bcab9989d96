import HindcastCore

/// A node of values of `stride` bytes each: vectors.
enum FixedNode: Sendable {
  case plain(Range<Int>)
  case constant(Range<Int>)

  /// Reads the next node; `count * stride` must be proven within the page's limit.
  init(_ cursor: inout NodeCursor, count: Int, stride: Int, depth: Int) throws(NodeFault) {
    let header = try cursor.header(count: count, depth: depth)
    switch header.encoding {
    case .plain:
      try cursor.expectNoParameter(header)
      self = .plain(try cursor.take(count * stride))
    case .constant:
      try cursor.expectNoParameter(header)
      guard count >= 1 else { throw cursor.bad("a constant node has no values") }
      self = .constant(try cursor.take(stride))
    default: throw cursor.unknownEncoding(header.encoding.name)
    }
  }

  /// All values; those that lie plain in the page are not copied.
  func decode(_ content: Buffer, count: Int, stride: Int) -> Buffer {
    switch self {
    case .plain(let range):
      let values = lend(content, range)
      // Nodes lie on 8 bytes, and 128-bit values are read from 16.
      return stride == 16 ? Buffer(copying: values.span(of: UInt8.self)) : values
    case .constant(let range):
      let value = content.bytes.extracting(range)
      var values = MutableBuffer(capacity: count * stride)
      for _ in 0..<count { values.append(contentsOf: value) }
      return values.freeze()
    }
  }

  /// Where value `index` lies in the content.
  func range(at index: Int, stride: Int) -> Range<Int> {
    switch self {
    case .plain(let range):
      let start = range.lowerBound + index * stride
      return start..<start + stride
    case .constant(let range): return range
    }
  }

  var description: String {
    switch self {
    case .plain: "plain"
    case .constant: "constant"
    }
  }
}

extension NodeWriter {
  /// Adds a node of vectors: constant if they are all the same, else plain.
  func writeFixed(_ values: Buffer, count: Int, stride: Int, to out: inout MutableBuffer) {
    let bytes = values.span(of: UInt8.self)
    let isConstant =
      count > 0 && (stride..<count * stride).allSatisfy { bytes[$0] == bytes[$0 - stride] }
    NodeHeader.write(isConstant ? .constant : .plain, count: count, to: &out)
    out.append(contentsOf: values.bytes.extracting(0..<(isConstant ? stride : count * stride)))
    out.pad8()
  }
}

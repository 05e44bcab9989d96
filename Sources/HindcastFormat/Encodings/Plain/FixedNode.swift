import HindcastCore

/// Decodes the next node, of shape fixed(`stride`).
///
/// Data that lies plain in the page is not copied, unless it needs a wider alignment.
///
/// `count * stride` must be proven within the page's limit.
func decodeFixed(
  _ cursor: inout NodeCursor, count: Int, stride: Int, depth: Int
) throws(HindcastError) -> Buffer {
  let header = try cursor.header(count: count, depth: depth)
  guard header.parameter == 0 else { throw cursor.bad("a node of vectors has a parameter") }
  switch header.encoding {
  case .plain:
    let values = lend(cursor.content, try cursor.take(count * stride))
    // Nodes lie on 8 bytes, and 128-bit values are read from 16.
    return stride == 16 ? Buffer(copying: values.span(of: UInt8.self)) : values
  case .constant:
    guard count >= 1 else { throw cursor.bad("a constant node has no values") }
    let range = try cursor.take(stride)
    let value = cursor.content.bytes.extracting(range)
    var values = MutableBuffer(capacity: count * stride)
    for _ in 0..<count { values.append(contentsOf: value) }
    return values.freeze()
  default: throw cursor.unknownEncoding(header.encoding.name)
  }
}

/// Adds a node of vectors: constant if they are all the same, else plain.
func writeFixed(_ values: Buffer, count: Int, stride: Int, to out: inout MutableBuffer) {
  let bytes = values.span(of: UInt8.self)
  let isConstant =
    count > 0 && (stride..<count * stride).allSatisfy { bytes[$0] == bytes[$0 - stride] }
  NodeHeader.write(isConstant ? .constant : .plain, count: count, to: &out)
  out.append(contentsOf: values.bytes.extracting(0..<(isConstant ? stride : count * stride)))
  out.pad8()
}

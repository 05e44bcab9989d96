import HindcastCore

/// The body of an *fsst* node: byte strings as codes of frequent byte sequences.
final class FSSTNode: Sendable {
  private let symbols: SymbolDecoder
  private let codes: PlainBytesNode

  init(_ header: NodeHeader, _ cursor: inout NodeCursor, depth: Int) throws(NodeFault) {
    let lengths = try cursor.take(Int(header.parameter))
    var total = 0
    for index in lengths {
      let length = Int(cursor.content.load(index, as: UInt8.self))
      guard length >= 1, length <= 8 else {
        throw cursor.bad("a symbol has \(length) bytes")
      }
      total += length
    }
    let data = try cursor.take(total)
    let content = cursor.content
    guard
      let symbols = SymbolDecoder(
        lengths: content.extracting(lengths), bytes: content.extracting(data))
    else { throw cursor.bad("symbols are not as long as their lengths say") }
    self.symbols = symbols
    let child = try BytesNode(&cursor, count: header.count, depth: depth + 1)
    guard case .plain(let codes) = child else {
      throw cursor.unknownEncoding("\(child.description) in fsst")
    }
    self.codes = codes
  }

  func decode(_ content: RawSpan, count: Int) throws(NodeFault) -> ByteStrings {
    var offsets = MutableBuffer(byteCount: 4 * (count + 1))
    var ends = offsets.mutableSpan(of: Int32.self)
    let codeEnds = codes.offsets.offsets
    let data = try expand(
      content.extracting(codes.data), codeEnds.span(of: Int32.self), into: &ends)
    return ByteStrings(offsets: offsets.freeze(), data: data)
  }

  func append(
    _ content: RawSpan, at index: Int, to out: inout MutableBuffer
  ) throws(NodeFault) {
    let range = codes.range(at: index)
    let codeEnds: InlineArray<2, Int32> = [0, Int32(range.count)]
    var ends: InlineArray<2, Int32> = [0, 0]
    var target = ends.mutableSpan
    let data = try expand(content.extracting(range), codeEnds.span, into: &target)
    out.append(contentsOf: data.bytes)
  }

  /// Expands the values whose codes end at `codeEnds`; says where the values end.
  private func expand(
    _ content: RawSpan, _ codeEnds: Span<Int32>, into ends: inout MutableSpan<Int32>
  ) throws(NodeFault) -> Buffer {
    let limit = Limits.pageValueByteCount
    guard let total = symbols.measure(content, ends: codeEnds, limit: limit, into: &ends) else {
      throw .bad("a value has a code without a symbol", at: codes.data.lowerBound)
    }
    guard total <= limit else {
      throw .limit("a page's values take \(total) bytes", at: codes.data.lowerBound)
    }
    return symbols.expand(content, byteCount: total)
  }

  var description: String { "fsst[\(symbols.count)](plain(\(codes.offsets.description)))" }
}

import HindcastCore

/// The body of an *fsst* node: byte strings as codes of frequent byte sequences.
final class FSSTNode: Sendable {
  private let symbols: SymbolTable
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
    symbols = SymbolTable(cursor.content, lengths: lengths, data: data)
    let child = try BytesNode(&cursor, count: header.count, depth: depth + 1)
    guard case .plain(let codes) = child else {
      throw cursor.unknownEncoding("\(child.description) in fsst")
    }
    self.codes = codes
  }

  func decode(_ content: RawSpan, count: Int) throws(NodeFault) -> ByteStrings {
    var offsets = MutableBuffer(byteCount: 4 * (count + 1))
    var ends = offsets.mutableSpan(of: Int32.self)
    var total = 0
    for index in 0..<count {
      total += try decodedByteCount(content, codes.range(at: index))
      guard total <= Limits.pageValueByteCount else {
        throw .limit("a page's values take \(total) bytes", at: codes.data.lowerBound)
      }
      ends[index + 1] = Int32(total)
    }
    var data = MutableBuffer(capacity: total + 8)
    symbols.decode(content.extracting(codes.data), to: &data)
    return ByteStrings(offsets: offsets.freeze(), data: data.freeze())
  }

  func append(
    _ content: RawSpan, at index: Int, to out: inout MutableBuffer
  ) throws(NodeFault) {
    let range = codes.range(at: index)
    _ = try decodedByteCount(content, range)
    symbols.decode(content.extracting(range), to: &out)
  }

  /// The bytes that a value has; checks its codes.
  private func decodedByteCount(_ content: RawSpan, _ range: Range<Int>) throws(NodeFault) -> Int {
    guard let count = symbols.decodedByteCount(content.extracting(range)) else {
      throw .bad("a value has a code without a symbol", at: range.lowerBound)
    }
    return count
  }

  var description: String { "fsst[\(symbols.count)](plain(\(codes.offsets.description)))" }
}

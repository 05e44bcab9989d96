import HindcastCore

/// The body of an *alphabet* node: byte strings of few different bytes, each in a few bits.
final class AlphabetNode: Sendable {
  private let bits: Int
  /// The bytes that occur, ascending.
  private let characters: Buffer
  private let offsets: ValueOffsets
  private let words: Range<Int>

  init(_ header: NodeHeader, _ cursor: inout NodeCursor, depth: Int) throws(NodeFault) {
    bits = Int(header.parameter)
    guard bits >= 1, bits <= 7 else { throw cursor.bad("an alphabet has \(bits) bits") }
    let characterCount = try cursor.length()
    guard characterCount > 1 << (bits - 1), characterCount <= 1 << bits else {
      throw cursor.bad("an alphabet of \(bits) bits has \(characterCount) characters")
    }
    let range = try cursor.take(characterCount)
    var characters = MutableBuffer(byteCount: characterCount)
    var target = characters.mutableSpan(of: UInt8.self)
    for index in 0..<characterCount {
      target[index] = cursor.content.load(range.lowerBound + index, as: UInt8.self)
      guard index == 0 || target[index] > target[index - 1] else {
        throw cursor.bad("the characters of an alphabet do not increase")
      }
    }
    self.characters = characters.freeze()
    offsets = try ValueOffsets(
      &cursor, count: header.count, depth: depth + 1, limit: Limits.pageValueByteCount)
    let total = try cursor.length()
    guard total == offsets.total else {
      throw cursor.bad("byte strings are not as long as their lengths say")
    }
    words = try cursor.takeWords(total, bits: bits)
  }

  func decode(_ content: RawSpan, count: Int) throws(NodeFault) -> ByteStrings {
    ByteStrings(
      offsets: offsets.offsets, data: try bytes(content, 0..<offsets.total).freeze())
  }

  func append(
    _ content: RawSpan, at index: Int, to out: inout MutableBuffer
  ) throws(NodeFault) {
    let bytes = try bytes(content, offsets.range(at: index))
    out.append(contentsOf: bytes.span(of: UInt8.self))
  }

  /// The bytes at `range` of all values one after the other.
  private func bytes(_ content: RawSpan, _ range: Range<Int>) throws(NodeFault) -> MutableBuffer {
    var data = MutableBuffer(byteCount: range.count)
    var target = data.mutableSpan(of: UInt8.self)
    let characters = self.characters
    let isValid = unpackCharacters(
      content.extracting(words), bits: bits, characters: characters.span(of: UInt8.self),
      from: range.lowerBound, into: &target)
    guard isValid else {
      throw .bad("a character is beyond its alphabet", at: words.lowerBound)
    }
    return data
  }

  var description: String { "alphabet:\(bits)(\(offsets.description))" }
}

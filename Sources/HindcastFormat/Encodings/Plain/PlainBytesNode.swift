import HindcastCore

/// The body of a *plain* node of byte strings: their lengths, and their bytes.
final class PlainBytesNode: Sendable {
  let offsets: ValueOffsets
  let data: Range<Int>

  init(_ cursor: inout NodeCursor, count: Int, depth: Int) throws(NodeFault) {
    offsets = try ValueOffsets(
      &cursor, count: count, depth: depth + 1, limit: Limits.pageValueByteCount)
    let total = try cursor.length()
    guard total == offsets.total else {
      throw cursor.bad("byte strings are not as long as their lengths say")
    }
    data = try cursor.take(total)
  }

  /// Where value `index` lies in the content.
  func range(at index: Int) -> Range<Int> {
    let range = offsets.range(at: index)
    return data.lowerBound + range.lowerBound..<data.lowerBound + range.upperBound
  }

  func decode(_ content: Buffer, count: Int) -> ByteStrings {
    ByteStrings(offsets: offsets.offsets, data: lend(content, data))
  }
}

/// Byte strings as a column has them: `Int32` offsets, one more than values, and data.
struct ByteStrings {
  var offsets: Buffer
  var data: Buffer

  var count: Int { offsets.byteCount / 4 - 1 }
}

/// A part of a page's content, which the result keeps alive.
func lend(_ content: Buffer, _ range: Range<Int>) -> Buffer {
  unsafe Buffer(
    borrowing: content.address + range.lowerBound, byteCount: range.count, owner: content)
}

extension ByteStrings {
  /// The bytes of all values.
  var dataByteCount: Int { Int(offsets.span(of: Int32.self)[count]) }

  /// The length of each value, `UInt32`.
  func lengths() -> Buffer { offsetLengths(offsets, count: count) }

  /// Whether all values, at least one, are the same.
  func areEqual(_ lengths: Span<UInt32>) -> Bool {
    let length = lengths[0]
    for index in lengths.indices where lengths[index] != length { return false }
    let bytes = data.span(of: UInt8.self)
    // Equal neighbours throughout: every byte is the one a length before.
    var index = Int(length)
    let end = dataByteCount
    while index < end {
      guard bytes[index] == bytes[index - Int(length)] else { return false }
      index += 1
    }
    return true
  }
}

/// The differences of `count + 1` offsets, `UInt32`.
func offsetLengths(_ offsets: Buffer, count: Int) -> Buffer {
  var lengths = MutableBuffer(byteCount: 4 * count)
  var target = lengths.mutableSpan(of: UInt32.self)
  let ends = offsets.span(of: Int32.self)
  for index in target.indices { target[index] = UInt32(bitPattern: ends[index + 1] &- ends[index]) }
  return lengths.freeze()
}

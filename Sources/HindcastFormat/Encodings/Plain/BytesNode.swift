import HindcastCore

/// Byte strings as a column has them: `Int32` offsets, one more than values, and data.
struct ByteStrings {
  var offsets: Buffer
  var data: Buffer

  var count: Int { offsets.byteCount / 4 - 1 }
}

/// Decodes the next node, of shape bytes.
///
/// Data that lies plain in the page is not copied.
func decodeBytes(
  _ cursor: inout NodeCursor, count: Int, depth: Int
) throws(HindcastError) -> ByteStrings {
  let header = try cursor.header(count: count, depth: depth)
  guard header.parameter == 0 else { throw cursor.bad("a node of byte strings has a parameter") }
  switch header.encoding {
  case .constant: return try decodeConstantBytes(&cursor, count: count)
  case .plain:
    let offsets = try decodeOffsets(
      &cursor, count: count, depth: depth + 1, limit: Limits.pageValueByteCount)
    let total = try cursor.length()
    guard total == Int(offsets.span(of: Int32.self)[count]) else {
      throw cursor.bad("byte strings are not as long as their lengths say")
    }
    let range = try cursor.take(total)
    return ByteStrings(offsets: offsets, data: lend(cursor.content, range))
  case .dictionary: return try decodeBytesDictionary(&cursor, count: count, depth: depth)
  default: throw cursor.unknownEncoding(header.encoding.name)
  }
}

/// A part of a page's content, which the result keeps alive.
func lend(_ content: Buffer, _ range: Range<Int>) -> Buffer {
  unsafe Buffer(
    borrowing: content.address + range.lowerBound, byteCount: range.count, owner: content)
}

/// Decodes a node of lengths and sums them to `Int32` offsets, at most `limit`.
func decodeOffsets(
  _ cursor: inout NodeCursor, count: Int, depth: Int, limit: Int
) throws(HindcastError) -> Buffer {
  var buffer = MutableBuffer(byteCount: 4 * (count + 1))
  var all = buffer.mutableSpan(of: UInt32.self)
  var lengths = all._mutatingExtracting(1...)
  try decodeIntegers(&cursor, count: count, depth: depth, into: &lengths)
  var end: UInt64 = 0
  for index in lengths.indices {
    end &+= UInt64(lengths[index])
    lengths[index] = UInt32(truncatingIfNeeded: end)
  }
  // Fewer than 2^32 lengths below 2^32 do not overflow 64 bits.
  guard end <= UInt64(limit) else {
    throw cursor.limit("a page's values take \(end) bytes; the limit is \(limit)")
  }
  return buffer.freeze()
}

private func decodeConstantBytes(
  _ cursor: inout NodeCursor, count: Int
) throws(HindcastError) -> ByteStrings {
  let length = try cursor.length()
  let range = try cursor.take(length)
  guard count >= 1 else { throw cursor.bad("a constant node has no values") }
  let (total, overflow) = count.multipliedReportingOverflow(by: length)
  guard !overflow, total <= Limits.pageValueByteCount else {
    throw cursor.limit("a constant is too long for its page")
  }
  var offsets = MutableBuffer(byteCount: 4 * (count + 1))
  var ends = offsets.mutableSpan(of: Int32.self)
  for index in ends.indices { ends[index] = Int32(index * length) }
  var data = MutableBuffer(capacity: total)
  if length > 0 {
    let value = cursor.content.bytes.extracting(range)
    for _ in 0..<count { data.append(contentsOf: value) }
  }
  return ByteStrings(offsets: offsets.freeze(), data: data.freeze())
}

/// Adds a node of byte strings in the smallest encoding that may stand at `depth`.
func writeBytes(_ values: ByteStrings, depth: Int, to out: inout MutableBuffer) {
  let count = values.count
  let lengths = values.lengths()
  let lengthSpan = lengths.span(of: UInt32.self)
  if count > 0, values.areEqual(lengthSpan) {
    NodeHeader.write(.constant, count: count, to: &out)
    out.put(count: Int(lengthSpan[0]))
    out.append(contentsOf: values.data.bytes.extracting(0..<Int(lengthSpan[0])))
    out.pad8()
    return
  }
  if count > 1, depth < Limits.nodeDepth {
    let statistics = IntegerStatistics(lengthSpan, flip: 0)
    let plain = BytesDictionary.plainByteCount(
      count, lengthBits: statistics.bits, dataByteCount: values.dataByteCount)
    if let dictionary = BytesDictionary(values, lengthBits: statistics.bits, below: plain) {
      return dictionary.write(depth: depth, to: &out)
    }
  }
  writePlainBytes(lengthSpan, values, depth: depth, to: &out)
}

private func writePlainBytes(
  _ lengths: Span<UInt32>, _ values: ByteStrings, depth: Int, to out: inout MutableBuffer
) {
  NodeHeader.write(.plain, count: lengths.count, to: &out)
  writeIntegers(lengths, flip: 0, depth: depth + 1, to: &out)
  out.put(count: values.dataByteCount)
  out.append(contentsOf: values.data.bytes.extracting(0..<values.dataByteCount))
  out.pad8()
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

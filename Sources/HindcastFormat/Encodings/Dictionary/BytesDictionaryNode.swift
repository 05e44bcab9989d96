import HindcastCore

/// The body of a *dictionary* node of byte strings.
final class BytesDictionaryNode: Sendable {
  private let values: BytesNode
  private let codes: DictionaryCodes
  private let offset: Int

  init(_ cursor: inout NodeCursor, count: Int, depth: Int) throws(NodeFault) {
    offset = cursor.offset
    let distinctCount = try cursor.peekCount(atMost: count, of: "distinct values", depth: depth + 1)
    values = try BytesNode(&cursor, count: distinctCount, depth: depth + 1)
    codes = try DictionaryCodes(
      &cursor, count: count, distinctCount: distinctCount, depth: depth + 1)
  }

  func decode(_ content: Buffer, count: Int) throws(NodeFault) -> ByteStrings {
    let distinct = try values.decode(content, count: codes.distinctCount)
    let codes = try self.codes.decode(content.bytes, 0..<count)
    var offsets = MutableBuffer(byteCount: 4 * (count + 1))
    var ends = offsets.mutableSpan(of: Int32.self)
    let total = sumLengths(
      codes.span(of: UInt32.self), distinct.offsets.span(of: Int32.self), into: &ends)
    guard total <= Limits.pageValueByteCount else {
      throw .limit("a page's values take \(total) bytes", at: offset)
    }
    let data = copyValues(codes.span(of: UInt32.self), distinct, byteCount: total)
    return ByteStrings(offsets: offsets.freeze(), data: data)
  }

  func append(
    _ content: RawSpan, at index: Int, to out: inout MutableBuffer
  ) throws(NodeFault) {
    try values.append(content, at: try codes.value(content, at: index), to: &out)
  }

  var description: String {
    "dictionary[\(codes.distinctCount)](\(values.description), \(codes.description))"
  }
}

/// Fills in the offsets of the values that `codes`, which must be checked, name; returns their sum.
private func sumLengths(
  _ codes: Span<UInt32>, _ distinct: Span<Int32>, into ends: inout MutableSpan<Int32>
) -> Int {
  var end = 0
  for index in codes.indices {
    let code = Int(codes[index])
    end &+= Int(distinct[code + 1] &- distinct[code])
    ends[index + 1] = Int32(truncatingIfNeeded: end)
  }
  return end
}

/// The values that `codes`, which must be checked, name: `byteCount` bytes.
private func copyValues(
  _ codes: Span<UInt32>, _ distinct: ByteStrings, byteCount: Int
) -> Buffer {
  let ends = distinct.offsets.span(of: Int32.self)
  let bytes = distinct.data.bytes
  if (0..<distinct.count).allSatisfy({ ends[$0 + 1] - ends[$0] <= shortByteCount }) {
    return copyShortValues(codes, distinct, byteCount: byteCount)
  }
  var data = MutableBuffer(capacity: byteCount)
  for index in codes.indices {
    let code = Int(codes[index])
    data.append(contentsOf: bytes.extracting(Int(ends[code])..<Int(ends[code + 1])))
  }
  return data.freeze()
}

/// The most bytes of a value that is copied in one go.
private let shortByteCount = 16

/// The same for short values: each is stored as 16 bytes, of which the next covers what is too
/// much, without a call or a branch on its length.
private func copyShortValues(
  _ codes: Span<UInt32>, _ distinct: ByteStrings, byteCount: Int
) -> Buffer {
  let ends = distinct.offsets.span(of: Int32.self)
  let bytes = distinct.data.bytes
  var table = MutableBuffer(byteCount: distinct.count * shortByteCount)
  var cells = table.mutableSpan(of: UInt8.self)
  for code in 0..<distinct.count {
    let start = Int(ends[code])
    for place in start..<Int(ends[code + 1]) {
      cells[code * shortByteCount + place - start] = bytes.load(place, as: UInt8.self)
    }
  }
  let values = table.span(of: SIMD16<UInt8>.self)
  var data = MutableBuffer(byteCount: byteCount + shortByteCount)
  var target = data.mutableSpan(of: UInt8.self)
  unsafe target.withUnsafeMutableBytes { result in
    guard let result = result.baseAddress else { return }
    var end = 0
    for index in codes.indices {
      let code = unsafe Int(codes[unchecked: index])
      precondition(end <= byteCount)
      unsafe result.storeBytes(of: values[code], toByteOffset: end, as: SIMD16<UInt8>.self)
      end &+= Int(ends[code + 1] &- ends[code])
    }
  }
  data.resize(byteCount: byteCount)
  return data.freeze()
}

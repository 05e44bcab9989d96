import HindcastCore

/// Decodes the next node, of shape bool, to a bit map; bits beyond `count` are 0.
func decodeBools(
  _ cursor: inout NodeCursor, count: Int, depth: Int
) throws(HindcastError) -> Buffer {
  let header = try cursor.header(count: count, depth: depth)
  guard header.parameter <= (header.encoding == .runLength ? 1 : 0) else {
    throw cursor.bad("a \(header.encoding.name) node has a wrong parameter")
  }
  var bits = MutableBuffer(byteCount: Bits.byteCount(count))
  var target = bits.mutableSpan(of: UInt8.self)
  switch header.encoding {
  case .constant:
    let value = try cursor.scalar(UInt64.self)
    guard count >= 1, value <= 1 else { throw cursor.bad("a constant is neither 0 nor 1") }
    if value == 1 { setBits(0..<count, &target) }
  case .bitmap:
    let words = try cursor.takeWords(count, bits: 1)
    let source = cursor.content.bytes
    for index in target.indices {
      target[index] = source.load(words.lowerBound + index, as: UInt8.self)
    }
    if count & 7 != 0 { target[target.count - 1] &= 1 << UInt8(count & 7) - 1 }
  case .runLength:
    let runCount = try cursor.peekHeader().count
    guard runCount >= 1, runCount <= count else { throw cursor.bad("runs outnumber values") }
    let ends = try decodeRunEnds(&cursor, runCount: runCount, count: count, depth: depth)
    expandBoolRuns(ends.span(of: UInt32.self), first: header.parameter == 1, &target)
  default: throw cursor.unknownEncoding(header.encoding.name)
  }
  return bits.freeze()
}

/// Sets the bits of every other run; `ends` must be checked.
private func expandBoolRuns(_ ends: Span<UInt32>, first: Bool, _ target: inout MutableSpan<UInt8>) {
  var start = 0
  var value = first
  for run in ends.indices {
    let end = Int(ends[run])
    if value { setBits(start..<end, &target) }
    value.toggle()
    start = end
  }
}

/// Sets a range of bits, whole bytes at once where it can.
private func setBits(_ range: Range<Int>, _ target: inout MutableSpan<UInt8>) {
  var index = range.lowerBound
  while index < range.upperBound {
    if index & 7 == 0, range.upperBound - index >= 8 {
      target[index >> 3] = 0xFF
      index += 8
    } else {
      Bits.set(&target, index)
      index += 1
    }
  }
}

/// Adds a node of `count` bits in the smallest encoding that may stand at `depth`.
func writeBools(_ bits: Span<UInt8>, count: Int, depth: Int, to out: inout MutableBuffer) {
  let ones = Bits.population(bits, count: count)
  if count > 0, ones == 0 || ones == count {
    NodeHeader.write(.constant, count: count, to: &out)
    out.put(count: ones == 0 ? 0 : 1)
    return
  }
  let bitmap = 8 + packedWordCount(count, bits: 1) * 8
  if depth < Limits.nodeDepth, count > 0 {
    let runCount = boolRunCount(bits, count: count)
    if 8 + flatByteCount(runCount, bits: bitWidth(UInt64(count)), byteCount: 4) < bitmap {
      return writeBoolRuns(bits, count: count, runCount: runCount, depth: depth, to: &out)
    }
  }
  NodeHeader.write(.bitmap, count: count, to: &out)
  let whole = count >> 3
  out.append(contentsOf: bits.extracting(0..<whole))
  if count & 7 != 0 { out.put(bits[whole] & (1 << UInt8(count & 7) - 1)) }
  out.pad8()
}

/// The maximal stretches of equal bits.
private func boolRunCount(_ bits: Span<UInt8>, count: Int) -> Int {
  var runs = 1
  for index in 1..<count where Bits.get(bits, index) != Bits.get(bits, index - 1) { runs &+= 1 }
  return runs
}

private func writeBoolRuns(
  _ bits: Span<UInt8>, count: Int, runCount: Int, depth: Int, to out: inout MutableBuffer
) {
  NodeHeader.write(
    .runLength, parameter: Bits.get(bits, 0) ? 1 : 0, count: count, to: &out)
  var ends = MutableBuffer(capacity: runCount * 4)
  for index in 1..<count where Bits.get(bits, index) != Bits.get(bits, index - 1) {
    ends.append(UInt32(index))
  }
  ends.append(UInt32(count))
  writeIntegers(ends.span(of: UInt32.self), flip: 0, depth: depth + 1, to: &out)
}

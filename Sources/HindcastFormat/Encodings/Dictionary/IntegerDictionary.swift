import HindcastCore

/// The distinct values of a page's numbers, the commonest first, and a code for each value.
struct IntegerDictionary<T: NodeInteger> {
  private let distinct: Buffer
  private let codes: Buffer
  private let count: Int
  /// An estimate of the node's size.
  let byteCount: Int

  /// Builds the dictionary; nil as soon as it can't take less than `limit` bytes.
  ///
  /// `bits` is the width of a packed value, `runCount` the number of stretches of equal values.
  init?(_ values: Span<T>, bits: Int, runCount: Int, below limit: Int) {
    let count = values.count
    guard Self.byteCount(2, count, bits, runCount) < limit else { return nil }
    var codes = MutableBuffer(byteCount: count * 4)
    var distinct = MutableBuffer(capacity: 64 * T.byteCount)
    var codeSpan = codes.mutableSpan(of: UInt32.self)
    let shift = UInt64(64 - bitWidth(UInt64(2 * count)))
    var slots = MutableBuffer(byteCount: 4 << (64 - Int(shift)))
    var table = slots.mutableSpan(of: UInt32.self)
    var distinctCount = 0
    var checkAt = 16
    for index in values.indices {
      let value = values[index]
      var slot = Int(Self.hash(value) &>> shift)
      while true {
        let code = table[slot]
        if code == 0 {
          distinct.append(value)
          distinctCount += 1
          table[slot] = UInt32(distinctCount)
          codeSpan[index] = UInt32(distinctCount - 1)
          break
        }
        if distinct.span(of: T.self)[Int(code) - 1] == value {
          codeSpan[index] = code - 1
          break
        }
        slot = (slot + 1) & (table.count - 1)
      }
      if distinctCount == checkAt {
        // New values become fewer, so only half of the growth at this rate is taken for granted.
        let growth = (count - index - 1) * distinctCount / (2 * (index + 1))
        guard Self.byteCount(distinctCount, count, bits, runCount) < limit,
          index < 256 || Self.byteCount(distinctCount + growth, count, bits, runCount) < limit
        else { return nil }
        checkAt += max(16, checkAt >> 2)
      }
    }
    byteCount = Self.byteCount(distinctCount, count, bits, runCount)
    guard byteCount < limit else { return nil }
    var distinctSpan = distinct.mutableSpan(of: T.self)
    if distinctCount <= 4096 { orderByFrequency(&distinctSpan, &codeSpan) }
    self.count = count
    self.distinct = distinct.freeze()
    self.codes = codes.freeze()
  }

  /// Adds the *dictionary* node.
  func write(kind: NumberKind, _ writer: NodeWriter, to out: inout MutableBuffer) {
    NodeHeader.write(.dictionary, count: count, to: &out)
    let children = (writer.child(of: .dictionary), writer.child(1, of: .dictionary))
    children.0.writeIntegers(distinct.span(of: T.self), kind: kind, to: &out)
    children.1.writeIntegers(codes.span(of: UInt32.self), kind: .unsigned, to: &out)
  }

  /// The node's size with `distinctCount` values, codes packed or in runs, whichever is less.
  private static func byteCount(
    _ distinctCount: Int, _ count: Int, _ bits: Int, _ runCount: Int
  ) -> Int {
    8 + flatByteCount(distinctCount, bits: bits, byteCount: T.byteCount)
      + codesByteCount(distinctCount, count, runCount)
  }

  @inline(__always)
  private static func hash(_ value: T) -> UInt64 {
    let folded =
      UInt64(truncatingIfNeeded: value)
      ^ (T.isWide ? UInt64(truncatingIfNeeded: value >> (T.bitWidth / 2)) &* 0xC2B2_AE3D : 0)
    let mixed = (folded ^ (folded &>> 32)) &* 0x9E37_79B9_7F4A_7C15
    return mixed
  }
}

/// Gives the commonest values the least codes, so that few codes need many bits.
private func orderByFrequency<T: NodeInteger>(
  _ distinct: inout MutableSpan<T>, _ codes: inout MutableSpan<UInt32>
) {
  var counts = [Int](repeating: 0, count: distinct.count)
  for index in codes.indices { counts[Int(codes[index])] += 1 }
  // Rarer values have greater keys; what is as common keeps its order.
  var keys = counts.indices.map { UInt64(codes.count - counts[$0]) << 32 | UInt64($0) }
  keys.sort()
  let order = keys.map { Int(truncatingIfNeeded: $0 & 0xFFFF_FFFF) }
  let values = distinct.indices.map { distinct[$0] }
  var newCodes = [UInt32](repeating: 0, count: order.count)
  for (rank, code) in order.enumerated() {
    distinct[rank] = values[code]
    newCodes[code] = UInt32(rank)
  }
  for index in codes.indices { codes[index] = newCodes[Int(codes[index])] }
}

/// The size of a dictionary's codes: packed, or in runs, whichever is less.
func codesByteCount(_ distinctCount: Int, _ count: Int, _ runCount: Int) -> Int {
  let bits = bitWidth(UInt64(distinctCount - 1))
  let runs =
    8 + flatByteCount(runCount, bits: bits, byteCount: 4)
    + flatByteCount(runCount, bits: bitWidth(UInt64(count)), byteCount: 4)
  return min(flatByteCount(count, bits: bits, byteCount: 4), runs)
}

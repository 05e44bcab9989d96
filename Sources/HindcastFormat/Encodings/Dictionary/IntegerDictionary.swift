import HindcastCore

/// The distinct values of a page's numbers, in the order in which they first appear, and a code for
/// each value.
struct IntegerDictionary<T: NodeInteger>: ~Copyable {
  private let distinct: MutableBuffer
  private let codes: MutableBuffer

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
        guard Self.byteCount(distinctCount, count, bits, runCount) < limit else { return nil }
        checkAt += max(16, checkAt >> 2)
      }
    }
    guard Self.byteCount(distinctCount, count, bits, runCount) < limit else { return nil }
    self.distinct = distinct
    self.codes = codes
  }

  /// Adds the *dictionary* node.
  borrowing func write(flip: T, depth: Int, to out: inout MutableBuffer) {
    let codeSpan = codes.span(of: UInt32.self)
    NodeHeader.write(.dictionary, count: codeSpan.count, to: &out)
    writeIntegers(distinct.span(of: T.self), flip: flip, depth: depth + 1, to: &out)
    writeIntegers(codeSpan, flip: 0, depth: depth + 1, to: &out)
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

/// The size of a dictionary's codes: packed, or in runs, whichever is less.
func codesByteCount(_ distinctCount: Int, _ count: Int, _ runCount: Int) -> Int {
  let bits = bitWidth(UInt64(distinctCount - 1))
  let runs =
    8 + flatByteCount(runCount, bits: bits, byteCount: 4)
    + flatByteCount(runCount, bits: bitWidth(UInt64(count)), byteCount: 4)
  return min(flatByteCount(count, bits: bits, byteCount: 4), runs)
}

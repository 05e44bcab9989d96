import HindcastCore

/// Floats cut in two, and how to write the left parts.
struct ALPRDPlan<T: NodeInteger> {
  private let rightBits: Int
  private let lefts: Buffer
  private let rights: Buffer
  private let plan: IntegerPlan<UInt16>
  let byteCount: Int

  /// Cuts values, at least two, where a sample has few different left parts.
  init?(_ values: Span<T>, _ writer: NodeWriter) {
    guard T.isFloatSize, values.count >= 16, let rightBits = Self.cut(values) else { return nil }
    let count = values.count
    var lefts = MutableBuffer(byteCount: count * 2)
    var rights = MutableBuffer(byteCount: count * T.byteCount)
    var leftSpan = lefts.mutableSpan(of: UInt16.self)
    var rightSpan = rights.mutableSpan(of: T.self)
    cutFloats(values, rightBits: rightBits, lefts: &leftSpan, rights: &rightSpan)
    plan = IntegerPlan(leftSpan.span, kind: .unsigned, writer)
    byteCount =
      8 + plan.byteCount + flatByteCount(count, bits: rightBits, byteCount: T.byteCount)
    self.rightBits = rightBits
    self.lefts = lefts.freeze()
    self.rights = rights.freeze()
  }

  /// The number of right bits with which a sample takes the fewest bits; nil if none saves any.
  private static func cut(_ values: Span<T>) -> Int? {
    let size = min(values.count, 128)
    var best: (cost: Int, rightBits: Int) = (T.bitWidth * size - size, 0)
    var sample: [T] = []
    for index in 0..<size { sample.append(values[index * values.count / size]) }
    // Equal left parts of ordered values are neighbours, wherever the cut is.
    sample.sort()
    for leftBits in 4...16 {
      let rightBits = T.bitWidth - leftBits
      let shift = T(truncatingIfNeeded: rightBits)
      var counts: [Int] = []
      for index in sample.indices {
        if index > 0, sample[index] &>> shift == sample[index - 1] &>> shift {
          counts[counts.count - 1] += 1
        } else {
          counts.append(1)
        }
      }
      counts.sort(by: >)
      let cost = rightBits * size + codeBits(counts, size: size)
      if cost < best.cost { best = (cost, rightBits) }
    }
    return best.rightBits > 0 ? best.rightBits : nil
  }

  /// The bits of codes for values that occur `counts` times, falling, with patches for the rarest.
  private static func codeBits(_ counts: [Int], size: Int) -> Int {
    var best = Int.max
    for bits in 0...7 {
      let patched = counts.dropFirst(1 << bits).reduce(0, +)
      best = min(best, bits * size + patched * 16)
    }
    return best + counts.count * 2
  }

  /// Adds the *alp-rd* node.
  func write(_ writer: NodeWriter, to out: inout MutableBuffer) {
    let rights = self.rights.span(of: T.self)
    NodeHeader.write(.alpRD, parameter: UInt8(rightBits), count: rights.count, to: &out)
    writer.deeper.write(plan, lefts.span(of: UInt16.self), kind: .unsigned, to: &out)
    writePacked(rights, base: 0, bits: rightBits, to: &out)
  }
}

/// Cuts each value above its `rightBits` lowest bits.
@specialized(where T == UInt32)
@specialized(where T == UInt64)
package func cutFloats<T: NodeInteger>(
  _ values: Span<T>, rightBits: Int, lefts: inout MutableSpan<UInt16>,
  rights: inout MutableSpan<T>
) {
  precondition(values.count == lefts.count && values.count == rights.count)
  let shift = T(truncatingIfNeeded: rightBits)
  let mask: T = 1 &<< shift &- 1
  for index in values.indices {
    let value = unsafe values[unchecked: index]
    unsafe lefts[unchecked: index] = UInt16(truncatingIfNeeded: value &>> shift)
    unsafe rights[unchecked: index] = value & mask
  }
}

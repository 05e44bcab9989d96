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
      let cost = rightBits * size + codeBits(sample.span, shift: shift)
      if cost < best.cost { best = (cost, rightBits) }
    }
    return best.rightBits > 0 ? best.rightBits : nil
  }

  /// Adds the *alp-rd* node.
  func write(_ writer: NodeWriter, to out: inout MutableBuffer) {
    let rights = self.rights.span(of: T.self)
    NodeHeader.write(.alpRD, parameter: UInt8(rightBits), count: rights.count, to: &out)
    writer.child(of: .alpRD).write(plan, lefts.span(of: UInt16.self), kind: .unsigned, to: &out)
    writePacked(rights, base: 0, bits: rightBits, to: &out)
  }
}

/// The bits of codes for the distinct left parts of a sorted sample, with patches for the rarest.
private func codeBits<T: NodeInteger>(_ sample: Span<T>, shift: T) -> Int {
  // How many values occur so often.
  var counts = InlineArray<129, Int32>(repeating: 0)
  var valueCounts = counts.mutableSpan
  var (distinctCount, longest, first) = (0, 0, 0)
  for index in 1...sample.count
  where index == sample.count || sample[index] &>> shift != sample[index - 1] &>> shift {
    valueCounts[index - first] += 1
    distinctCount += 1
    longest = max(longest, index - first)
    first = index
  }
  var best = Int.max
  var (coded, occurrences) = (0, 0)
  for bits in 0...7 {
    // The commonest values get codes.
    while longest > 0, coded + Int(valueCounts[longest]) <= 1 << bits {
      coded += Int(valueCounts[longest])
      occurrences += Int(valueCounts[longest]) * longest
      longest -= 1
    }
    let some = (1 << bits - coded) * longest
    best = min(best, bits * sample.count + (sample.count - occurrences - some) * 16)
    if longest == 0 { break }
  }
  return best + distinctCount * 2
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

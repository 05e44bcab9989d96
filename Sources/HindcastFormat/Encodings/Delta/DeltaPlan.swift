import HindcastCore

/// Numbers as differences, and how to write those.
struct DeltaPlan<T: NodeInteger> {
  private let bases: Buffer
  private let deltas: Buffer
  private let statistics: IntegerStatistics<T>
  private let patched: PatchedPlan<T>?
  let byteCount: Int

  /// Takes differences of at least two values; nil if they can't take less than `limit` bytes.
  init?(
    _ values: Span<T>, _ statistics: IntegerStatistics<T>, below limit: Int, _ writer: NodeWriter
  ) {
    let count = values.count
    let blockCount = DeltaNode<T>.blockCount(count)
    let basesByteCount = flatByteCount(blockCount, bits: statistics.bits, byteCount: T.byteCount)
    let canPatch = writer.allows(.patched) && count >= 16
    let bits = canPatch ? Self.likelyBits(values) : statistics.deltaBits
    guard
      8 + basesByteCount + flatByteCount(count, bits: bits, byteCount: T.byteCount) < limit
    else { return nil }
    var deltas = MutableBuffer(byteCount: count * T.byteCount)
    var deltaSpan = deltas.mutableSpan(of: T.self)
    var bases = MutableBuffer(byteCount: blockCount * T.byteCount)
    var baseSpan = bases.mutableSpan(of: T.self)
    differences(of: values, bases: &baseSpan, into: &deltaSpan)
    let deltaStatistics = IntegerStatistics(deltaSpan.span, kind: .signed)
    let patched =
      canPatch && deltaStatistics.bits > 0
      ? PatchedPlan(deltaSpan.span, deltaStatistics, kind: .signed) : nil
    let deltasByteCount =
      patched?.byteCount
      ?? flatByteCount(count, bits: deltaStatistics.bits, byteCount: T.byteCount)
    // Reaching one value means decoding up to 127 others: that has to be worth it.
    byteCount = (8 + basesByteCount + deltasByteCount) * 33 / 32
    guard byteCount < limit else { return nil }
    self.bases = bases.freeze()
    self.deltas = deltas.freeze()
    self.statistics = deltaStatistics
    self.patched = patched
  }

  /// The bits of all but the widest of some differences, at even distances.
  private static func likelyBits(_ values: Span<T>) -> Int {
    let size = min(32, values.count - 1)
    var widths = InlineArray<129, Int>(repeating: 0)
    for index in 0..<size {
      let place = 1 + index * (values.count - 1) / size
      let delta = values[place] &- values[place - 1]
      widths[T.bitWidth - min(delta, 0 &- delta).leadingZeroBitCount] += 1
    }
    var rest = size / 8
    var bits = 128
    while bits > 0, widths[bits] <= rest {
      rest -= widths[bits]
      bits -= 1
    }
    return bits
  }

  /// Adds the *delta* node.
  func write(_ writer: NodeWriter, to out: inout MutableBuffer) {
    let deltas = self.deltas.span(of: T.self)
    NodeHeader.write(.delta, count: deltas.count, to: &out)
    writer.child(of: .delta).writeFlat(bases.span(of: T.self), kind: .unsigned, to: &out)
    let child = writer.child(1, of: .delta)
    if let patched {
      child.writePatched(patched, deltas, kind: .signed, to: &out)
    } else {
      child.writeFlat(deltas, statistics.minimum, bits: statistics.bits, to: &out)
    }
  }
}

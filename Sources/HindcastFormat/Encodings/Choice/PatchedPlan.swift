import HindcastCore

/// How to write numbers as a base and a few bits each, with patches for those that need more.
struct PatchedPlan<T: NodeInteger> {
  var base: T
  /// The bits of a value above the base; 0 if all but the patches are equal.
  var bits: Int
  var patchCount: Int
  /// An estimate of the node's size.
  var byteCount: Int

  /// The plan that takes the fewest bytes for at least two values; nil if packing all of them alike
  /// is as good.
  init?(_ values: Span<T>, _ statistics: IntegerStatistics<T>, kind: NumberKind) {
    let flip = kind.flip(T.self)
    let flat = flatByteCount(values.count, bits: statistics.bits, byteCount: T.byteCount)
    let sample = SortedSample(values, flip: flip)
    var bases = [statistics.minimum]
    // A few values far below the others would widen all of them.
    let low = sample.lowBound ^ flip
    if (low ^ flip) > (statistics.minimum ^ flip) { bases.append(low) }
    var best: PatchedPlan?
    for base in bases {
      let plan = Self.best(values, base: base, statistics)
      if plan.byteCount < best?.byteCount ?? .max { best = plan }
    }
    if sample.modeShare >= 0.4 {
      let mode = sample.mode ^ flip
      let plan = Self.constant(values, mode, statistics, kind: kind)
      if plan.byteCount < best?.byteCount ?? .max { best = plan }
    }
    // Patches cost time to apply: they have to be worth it.
    guard let best, best.patchCount > 0, best.byteCount < flat - flat / 32 else { return nil }
    self = best
  }

  private init(base: T, bits: Int, patchCount: Int, byteCount: Int) {
    self.base = base
    self.bits = bits
    self.patchCount = patchCount
    self.byteCount = byteCount
  }

  /// The best width above `base`, from a histogram of the widths that values need.
  private static func best(
    _ values: Span<T>, base: T, _ statistics: IntegerStatistics<T>
  ) -> PatchedPlan {
    let widths = widthHistogram(values, base: base)
    var best = PatchedPlan(base: base, bits: 64, patchCount: 0, byteCount: .max)
    var beyond = values.count
    for bits in 0...min(64, T.bitWidth) {
      beyond -= widths[bits]
      let byteCount =
        flatByteCount(values.count, bits: bits, byteCount: T.byteCount)
        + patchByteCount(beyond, of: values.count, bits: statistics.bits)
      if byteCount < best.byteCount {
        best = PatchedPlan(base: base, bits: bits, patchCount: beyond, byteCount: byteCount)
      }
    }
    return best
  }

  /// All but patches are `mode`.
  private static func constant(
    _ values: Span<T>, _ mode: T, _ statistics: IntegerStatistics<T>, kind: NumberKind
  ) -> PatchedPlan {
    let flip = kind.flip(T.self)
    var (low, high) = (T.max, T.min)
    var count = 0
    for index in values.indices where values[index] != mode {
      low = min(low, values[index] ^ flip)
      high = max(high, values[index] ^ flip)
      count &+= 1
    }
    let bits = count == 0 ? 0 : T.bitWidth - (high &- low).leadingZeroBitCount
    return PatchedPlan(
      base: mode, bits: 0, patchCount: count,
      byteCount: flatByteCount(values.count, bits: 0, byteCount: T.byteCount)
        + patchByteCount(count, of: values.count, bits: bits))
  }

  /// What patches add: the node itself, their places, and their values.
  private static func patchByteCount(_ patchCount: Int, of count: Int, bits: Int) -> Int {
    guard patchCount > 0 else { return 0 }
    return 8 + sparseByteCount(patchCount, of: count)
      + flatByteCount(patchCount, bits: bits, byteCount: T.byteCount)
  }
}

/// An estimate of the size of a bool node of which `ones` of `count` values are the rarer.
func sparseByteCount(_ ones: Int, of count: Int) -> Int {
  let bitmap = 8 + packedWordCount(count, bits: 1) * 8
  // Gaps between places: packed with patches, about two bits above the average gap's.
  let gapBits = bitWidth(UInt64(count / max(1, ones))) + 2
  return min(bitmap, 72 + (ones * gapBits) / 8)
}

/// Some values of a page, at even distances, ordered.
struct SortedSample<T: NodeInteger> {
  private let values: [T]
  /// The commonest of them, flipped.
  private(set) var mode: T
  /// How much of the sample that is.
  private(set) var modeShare: Double

  /// The values are XORed with `flip`.
  init(_ values: Span<T>, flip: T) {
    let size = min(values.count, max(32, min(128, values.count / 32)))
    var sample: [T] = []
    sample.reserveCapacity(size)
    for index in 0..<size { sample.append(values[index * values.count / size] ^ flip) }
    sample.sort()
    var (mode, most, run) = (sample[0], 1, 1)
    for index in 1..<sample.count {
      run = sample[index] == sample[index - 1] ? run + 1 : 1
      if run > most { (mode, most) = (sample[index], run) }
    }
    self.values = sample
    self.mode = mode
    modeShare = Double(most) / Double(size)
  }

  /// A bound that only few values should be below: beyond the third least of the sample by a
  /// quarter of its distance to the middle.
  var lowBound: T {
    let low = values[2]
    let (bound, overflow) = low.subtractingReportingOverflow((values[values.count / 2] &- low) / 4)
    return overflow ? 0 : bound
  }
}

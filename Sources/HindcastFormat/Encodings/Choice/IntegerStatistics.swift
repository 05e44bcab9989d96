import HindcastCore

/// What one pass over numbers tells, enough for the exact size of the flat encodings.
struct IntegerStatistics<T: NodeInteger> {
  /// Least and greatest in the order of the kind, as bits.
  var minimum: T
  var maximum: T
  /// Maximal stretches of equal values.
  var runCount: Int
  /// The bits of the differences to the value before, packed above the least of them.
  var deltaBits: Int

  /// Scans `values`, not empty.
  init(_ values: Span<T>, kind: NumberKind) {
    let flip = kind.flip(T.self)
    let deltaFlip: T = 1 &<< T(truncatingIfNeeded: T.bitWidth - 1)
    var previous = values[0]
    var (low, high) = (previous ^ flip, previous ^ flip)
    var (lowDelta, highDelta) = (T.max, T.min)
    var runs = 1
    for index in 1..<values.count {
      let value = unsafe values[unchecked: index]
      low = min(low, value ^ flip)
      high = max(high, value ^ flip)
      let delta = (value &- previous) ^ deltaFlip
      lowDelta = min(lowDelta, delta)
      highDelta = max(highDelta, delta)
      if value != previous { runs &+= 1 }
      previous = value
    }
    minimum = low ^ flip
    maximum = high ^ flip
    runCount = runs
    deltaBits = values.count > 1 ? T.bitWidth - (highDelta &- lowDelta).leadingZeroBitCount : 0
  }

  /// The bits of a packed value; more than 64 if it can't be packed.
  var bits: Int { T.bitWidth - (maximum &- minimum).leadingZeroBitCount }
}

/// The bytes of a node of `count` values that need `bits` bits each, by the best flat encoding.
func flatByteCount(_ count: Int, bits: Int, byteCount: Int) -> Int {
  let scalar = byteCount == 16 ? 16 : 8
  if bits == 0, count > 0 { return 8 + scalar }
  let plain = 8 + padded8(count * byteCount)
  guard bits <= 64 else { return plain }
  return min(plain, 8 + scalar + packedWordCount(count, bits: bits) * 8)
}

import HindcastCore

/// What one pass over numbers tells, enough for the exact size of every encoding but dictionary.
struct IntegerStatistics<T: NodeInteger> {
  /// Least and greatest in the order of the type, as bits.
  var minimum: T
  var maximum: T
  /// Maximal stretches of equal values.
  var runCount: Int
  /// Least and greatest difference to the value before, as bits of a signed number.
  var minimumDelta: T
  var maximumDelta: T

  /// Scans `values`, not empty.
  ///
  /// `flip` is XORed to make the unsigned order that of the type: the
  /// sign bit for signed numbers, else 0.
  init(_ values: Span<T>, flip: T) {
    let deltaFlip: T = 1 &<< T(T.bitWidth - 1)
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
    minimumDelta = lowDelta
    maximumDelta = highDelta
  }

  /// The bits of a packed value; more than 64 if it can't be packed.
  var bits: Int { T.bitWidth - (maximum &- minimum).leadingZeroBitCount }

  /// The bits of a packed difference, for at least two values.
  var deltaBits: Int { T.bitWidth - (maximumDelta &- minimumDelta).leadingZeroBitCount }
}

/// The bytes of a node of `count` values that need `bits` bits each, by the best flat encoding.
func flatByteCount(_ count: Int, bits: Int, byteCount: Int) -> Int {
  let scalar = byteCount == 16 ? 16 : 8
  if bits == 0, count > 0 { return 8 + scalar }
  let plain = 8 + padded8(count * byteCount)
  guard bits <= 64 else { return plain }
  return min(plain, 8 + scalar + packedWordCount(count, bits: bits) * 8)
}

import HindcastCore

/// Adds a *packed* node of `values`, each `base` plus at most `bits` bits.
func writePacked<T: NodeInteger>(
  _ values: Span<T>, base: T, bits: Int, to out: inout MutableBuffer
) {
  NodeHeader.write(.packed, parameter: UInt8(bits), count: values.count, to: &out)
  base.putScalar(to: &out)
  packBits(values, base: base, bits: bits, to: &out)
}

/// Adds the words of `values`, each `base` plus at most `bits` bits.
func packBits<T: NodeInteger>(
  _ values: Span<T>, base: T, bits: Int, to out: inout MutableBuffer
) {
  var word: UInt64 = 0
  var filled = 0
  out.reserve(additional: packedWordCount(values.count, bits: bits) * 8)
  for index in values.indices {
    let value = UInt64(truncatingIfNeeded: values[index] &- base)
    word |= value &<< UInt64(filled)
    filled &+= bits
    if filled >= 64 {
      out.put(word)
      filled &-= 64
      // What did not fit; nothing if the value ended with the word.
      word = filled == 0 ? 0 : value &>> UInt64(bits &- filled)
    }
  }
  if filled > 0 { out.put(word) }
}

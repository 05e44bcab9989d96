import HindcastCore

/// Packs `blocks` times eight values of up to 57 bits to `bits` bytes a block.
///
/// As many neighbours as fit one word are joined first (8, 4, 2 or 1, as in ``BlockLayout``). Words
/// are stored where their first byte lies, in rising order: each repairs what the one before wrote
/// beyond its own bits, and carries that one's last bits in its lowest, so that no word waits for
/// another.
@inline(__always) @unsafe
func packBlocks<T: NodeInteger>(
  _ source: UnsafeRawPointer, _ base: T, _ bits: Int, _ blocks: Int,
  _ target: UnsafeMutableRawPointer, _: T.Type
) {
  switch BlockLayout.valuesPerLoad(bits) {
  case 8:
    let shifts = laneShifts(bits, perWord: 8)
    for block in 0..<blocks {
      let joined = unsafe load(source + block &* 8 &* T.byteCount, base) &<< shifts
      let halves = joined.lowHalf | joined.highHalf
      let quarters = halves.lowHalf | halves.highHalf
      unsafe put(quarters[0] | quarters[1], target + block &* bits)
    }
  case 4:
    let shifts = laneShifts(bits, perWord: 4)
    let (offset, shift) = (bits / 2, UInt64(truncatingIfNeeded: bits &* 4 & 7))
    let carry = UInt64(truncatingIfNeeded: offset &* 8)
    for block in 0..<blocks {
      let joined = unsafe load(source + block &* 8 &* T.byteCount, base) &<< shifts
      let pairs = joined.evenHalf | joined.oddHalf
      let words = pairs.evenHalf | pairs.oddHalf
      let start = unsafe target + block &* bits
      unsafe put(words[0], start)
      unsafe put(words[1] &<< shift | words[0] &>> carry, start + offset)
    }
  case 2: unsafe packWords(source, base, bits, blocks, target, perWord: 2)
  default: unsafe packWords(source, base, bits, blocks, target, perWord: 1)
  }
}

/// Words of one or two values.
@inline(__always) @unsafe
private func packWords<T: NodeInteger>(
  _ source: UnsafeRawPointer, _ base: T, _ bits: Int, _ blocks: Int,
  _ target: UnsafeMutableRawPointer, perWord: Int
) {
  let wordBits = bits &* perWord
  let second = UInt64(truncatingIfNeeded: bits)
  for block in 0..<blocks {
    let values = unsafe source + block &* 8 &* T.byteCount
    let start = unsafe target + block &* bits
    var before: UInt64 = 0
    for index in 0..<8 / perWord {
      let offset = index &* wordBits / 8
      let shift = UInt64(truncatingIfNeeded: index &* wordBits & 7)
      // The bits of the word before that lie in bytes before this one's first.
      let carry = UInt64(truncatingIfNeeded: offset &* 8 &- (index &- 1) &* wordBits) & 63
      let place = unsafe values + index &* perWord &* T.byteCount
      var word = unsafe single(place, base)
      if perWord == 2 { word |= unsafe single(place + T.byteCount, base) &<< second }
      unsafe put(word &<< shift | (index == 0 ? 0 : before &>> carry), start + offset)
      before = word
    }
  }
}

/// The shift of each value within its word.
@inline(never)
private func laneShifts(_ bits: Int, perWord: Int) -> SIMD8<UInt64> {
  var shifts = SIMD8<UInt64>()
  for lane in 0..<8 { shifts[lane] = UInt64(lane % perWord * bits) }
  return shifts
}

@inline(__always) @unsafe
private func single<T: NodeInteger>(_ source: UnsafeRawPointer, _ base: T) -> UInt64 {
  UInt64(truncatingIfNeeded: unsafe source.loadUnaligned(as: T.self) &- base)
}

@inline(__always) @unsafe
private func put(_ word: UInt64, _ target: UnsafeMutableRawPointer) {
  unsafe target.storeBytes(of: word.littleEndian, as: UInt64.self)
}

/// The differences of eight values to `base`.
@inline(__always) @unsafe
private func load<T: NodeInteger>(_ source: UnsafeRawPointer, _ base: T) -> SIMD8<UInt64> {
  switch T.byteCount {
  case 1: return unsafe load(source, UInt8(truncatingIfNeeded: base), as: UInt8.self)
  case 2: return unsafe load(source, UInt16(truncatingIfNeeded: base), as: UInt16.self)
  case 4: return unsafe load(source, UInt32(truncatingIfNeeded: base), as: UInt32.self)
  case 8: return unsafe load(source, UInt64(truncatingIfNeeded: base), as: UInt64.self)
  default:
    var values = SIMD8<UInt64>()
    for lane in 0..<8 { values[lane] = unsafe single(source + lane &* T.byteCount, base) }
    return values
  }
}

@inline(__always) @unsafe
private func load<Lane: FixedWidthInteger & SIMDScalar>(
  _ source: UnsafeRawPointer, _ base: Lane, as: Lane.Type
) -> SIMD8<UInt64> {
  let values = unsafe source.loadUnaligned(as: SIMD8<Lane>.self) &- SIMD8(repeating: base)
  return SIMD8<UInt64>(truncatingIfNeeded: values)
}

import HindcastCore

/// Where eight values of `bits` bits lie in their `bits` bytes.
///
/// One 64-bit load serves as many values as fit into it at any bit of its first byte: 8 values of
/// up to 7 bits, 4 of up to 14, 2 of up to 28. Each lane then has a shift of its own.
struct BlockLayout {
  /// The values that one load serves: 8, 4, 2 or 1.
  static func valuesPerLoad(_ bits: Int) -> Int {
    bits <= 7 ? 8 : bits <= 14 ? 4 : bits <= 28 ? 2 : 1
  }

  /// Where the last word that a block reads starts, in bytes; values of 16 bytes have a load each.
  static func lastWord(_ bits: Int, isWide: Bool) -> Int {
    let start = (8 &- (isWide ? 1 : valuesPerLoad(bits))) &* bits / 8
    return bits <= 57 ? start : start &+ 8
  }

  /// The shift of each lane.
  ///
  /// Not inlined: where the compiler knows that the first lane's shift is 0 it takes the vector
  /// apart to save that shift, which costs more than twice the time.
  @inline(never)
  static func shifts(_ bits: Int) -> SIMD8<UInt64> {
    let perLoad = valuesPerLoad(bits)
    var shifts = SIMD8<UInt64>()
    for lane in 0..<8 {
      let byte = (lane & -perLoad) * bits / 8
      shifts[lane] = UInt64(lane * bits - byte * 8)
    }
    return shifts
  }
}

/// Unpacks `blocks` times eight values from `source` on to `target`.
///
/// With AVX-512 a block is one vector. On one core of a Zen 4 at 3.7 GHz, 64-bit values, ns a
/// value: 0.11 up to 14 bits, 0.13 up to 28, 0.20 up to 57, 0.45 above; plain x86-64: 0.38 (3
/// bits), 0.25, 0.27, 0.57. A loop over single values takes 0.36 at any width, 1.3 above 56.
@inline(__always) @unsafe
func unpackBlocks<T: NodeInteger>(
  _ source: UnsafeRawPointer, _ bits: Int, _ base: T, _ blocks: Int,
  _ target: UnsafeMutableRawPointer
) {
  // Vectors have no 128-bit lanes, and taking 64-bit ones apart gains nothing over single values.
  if T.isWide { return unsafe unpackWide(source, bits, base, blocks, target) }
  let shifts = BlockLayout.shifts(bits)
  let mask = SIMD8<UInt64>(repeating: UInt64.max &>> UInt64(64 &- bits))
  let step = 8 &* T.byteCount
  switch BlockLayout.valuesPerLoad(bits) {
  case 8:
    for block in 0..<blocks {
      let words = SIMD8(repeating: unsafe word(source + block &* bits))
      unsafe store((words &>> shifts) & mask, base, target + block &* step)
    }
  case 4:
    let second = bits / 2
    for block in 0..<blocks {
      let start = unsafe source + block &* bits
      let low = SIMD4(repeating: unsafe word(start))
      let high = SIMD4(repeating: unsafe word(start + second))
      let words = SIMD8(lowHalf: low, highHalf: high)
      unsafe store((words &>> shifts) & mask, base, target + block &* step)
    }
  case 2: unsafe unpackPairs(source, bits, base, blocks, shifts, mask, target)
  default:
    if bits <= 57 {
      unsafe unpackSingles(source, bits, base, blocks, shifts, mask, target, hasNinth: false)
    } else {
      unsafe unpackSingles(source, bits, base, blocks, shifts, mask, target, hasNinth: true)
    }
  }
}

/// A load for two values.
///
/// Pointers that move, not one pointer and offsets: from those the compiler makes a gather
/// instruction, which takes three times as long (0.33 ns a value; 0.63 with a load a value).
@inline(__always) @unsafe
private func unpackPairs<T: NodeInteger>(
  _ source: UnsafeRawPointer, _ bits: Int, _ base: T, _ blocks: Int, _ shifts: SIMD8<UInt64>,
  _ mask: SIMD8<UInt64>, _ target: UnsafeMutableRawPointer
) {
  var (a, b) = unsafe (source, source + bits * 2 / 8)
  var (c, d) = unsafe (source + bits * 4 / 8, source + bits * 6 / 8)
  var target = unsafe target
  for _ in 0..<blocks {
    let (first, second) = unsafe (word(a), word(b))
    let (third, fourth) = unsafe (word(c), word(d))
    let words = SIMD8(first, first, second, second, third, third, fourth, fourth)
    unsafe store((words &>> shifts) & mask, base, target)
    unsafe target += 8 &* T.byteCount
    unsafe (a, b, c, d) = unsafe (a + bits, b + bits, c + bits, d + bits)
  }
}

/// A load a value; two of 58 bits and more, the second for what lies in a ninth byte.
@inline(__always) @unsafe
private func unpackSingles<T: NodeInteger>(
  _ source: UnsafeRawPointer, _ bits: Int, _ base: T, _ blocks: Int, _ shifts: SIMD8<UInt64>,
  _ mask: SIMD8<UInt64>, _ target: UnsafeMutableRawPointer, hasNinth: Bool
) {
  var (a, b) = unsafe (source, source + bits * 1 / 8)
  var (c, d) = unsafe (source + bits * 2 / 8, source + bits * 3 / 8)
  var (e, f) = unsafe (source + bits * 4 / 8, source + bits * 5 / 8)
  var (g, h) = unsafe (source + bits * 6 / 8, source + bits * 7 / 8)
  var target = unsafe target
  // A shift by 64 is one by 1 and one by 63.
  let lefts = SIMD8<UInt64>(repeating: 63) &- shifts
  for _ in 0..<blocks {
    var words = unsafe SIMD8(
      word(a), word(b), word(c), word(d), word(e), word(f), word(g), word(h))
    words &>>= shifts
    if hasNinth {
      let next = unsafe SIMD8(
        word(a + 8), word(b + 8), word(c + 8), word(d + 8), word(e + 8), word(f + 8), word(g + 8),
        word(h + 8))
      words |= (next &+ next) &<< lefts
    }
    unsafe store(words & mask, base, target)
    unsafe target += 8 &* T.byteCount
    unsafe (a, b, c, d) = unsafe (a + bits, b + bits, c + bits, d + bits)
    unsafe (e, f, g, h) = unsafe (e + bits, f + bits, g + bits, h + bits)
  }
}

/// Values of 16 bytes, one by one.
@inline(__always) @unsafe
private func unpackWide<T: NodeInteger>(
  _ source: UnsafeRawPointer, _ bits: Int, _ base: T, _ blocks: Int,
  _ target: UnsafeMutableRawPointer
) {
  let mask = UInt64.max &>> UInt64(64 &- bits)
  for block in 0..<blocks {
    for lane in 0..<8 {
      let bit = lane &* bits
      let start = unsafe source + block &* bits + bit &>> 3
      let shift = UInt64(truncatingIfNeeded: bit & 7)
      var value = unsafe word(start) &>> shift
      if bits > 57 { value |= unsafe (word(start + 8) &<< 1) &<< (63 &- shift) }
      let place = unsafe target + (block &* 8 &+ lane) &* T.byteCount
      unsafe place.storeBytes(of: T(truncatingIfNeeded: value & mask) &+ base, as: T.self)
    }
  }
}

@inline(__always) @unsafe
private func word(_ source: UnsafeRawPointer) -> UInt64 {
  UInt64(littleEndian: unsafe source.loadUnaligned(as: UInt64.self))
}

/// Stores the sums of eight values and `base`, narrowed to `T`.
@inline(__always) @unsafe
private func store<T: NodeInteger>(
  _ values: SIMD8<UInt64>, _ base: T, _ target: UnsafeMutableRawPointer
) {
  switch T.byteCount {
  case 1: unsafe store(values, UInt8(truncatingIfNeeded: base), as: UInt8.self, target)
  case 2: unsafe store(values, UInt16(truncatingIfNeeded: base), as: UInt16.self, target)
  case 4: unsafe store(values, UInt32(truncatingIfNeeded: base), as: UInt32.self, target)
  default: unsafe store(values, UInt64(truncatingIfNeeded: base), as: UInt64.self, target)
  }
}

@inline(__always) @unsafe
private func store<Lane: FixedWidthInteger & SIMDScalar>(
  _ values: SIMD8<UInt64>, _ base: Lane, as: Lane.Type, _ target: UnsafeMutableRawPointer
) {
  let sums = SIMD8<Lane>(truncatingIfNeeded: values) &+ SIMD8(repeating: base)
  unsafe target.storeBytes(of: sums, as: SIMD8<Lane>.self)
}

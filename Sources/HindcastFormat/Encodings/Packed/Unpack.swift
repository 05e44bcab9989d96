import HindcastCore

/// Writes `base + bits(i)` for the places from `first` of a packed stream over all of `target`; see
/// 03-encodings, "packed".
///
/// `packed` must hold the words of `first + target.count` values of `bits` bits, 1...64: this is
/// checked once, so that the loops need no checks. O(target.count), wherever it starts.
@specialized(where T == UInt8)
@specialized(where T == UInt16)
@specialized(where T == UInt32)
@specialized(where T == UInt64)
@specialized(where T == UInt128)
package func unpack<T: NodeInteger>(
  _ packed: RawSpan, bits: Int, base: T, from first: Int = 0, into target: inout MutableSpan<T>
) {
  precondition(bits >= 1 && bits <= 64 && first >= 0)
  precondition(packed.byteCount >= packedWordCount(first + target.count, bits: bits) * 8)
  switch bits {
  case 8: widen(packed, UInt8.self, base, first, &target)
  case 16: widen(packed, UInt16.self, base, first, &target)
  case 32: widen(packed, UInt32.self, base, first, &target)
  case 64: widen(packed, UInt64.self, base, first, &target)
  default: unpackShifted(packed, bits, base, first, &target)
  }
}

/// The value at place `index` of a packed stream: `base + bits(index)`.
///
/// `packed` must hold the words of `index + 1` values of `bits` bits, 1...64. O(1).
@specialized(where T == UInt8)
@specialized(where T == UInt16)
@specialized(where T == UInt32)
@specialized(where T == UInt64)
@specialized(where T == UInt128)
package func unpackedValue<T: NodeInteger>(
  _ packed: RawSpan, bits: Int, base: T, at index: Int
) -> T {
  precondition(bits >= 1 && bits <= 64 && index >= 0)
  precondition(packed.byteCount >= packedWordCount(index + 1, bits: bits) * 8)
  return T(truncatingIfNeeded: shiftedBits(packed, bits, index)) &+ base
}

/// Whole-byte widths: a copy that widens.
@inline(__always)
private func widen<Source: NodeInteger, T: NodeInteger>(
  _ packed: RawSpan, _: Source.Type, _ base: T, _ first: Int, _ target: inout MutableSpan<T>
) {
  for index in target.indices {
    let bits = unsafe packed.unsafeLoadUnaligned(
      fromUncheckedByteOffset: (first &+ index) &* MemoryLayout<Source>.size, as: Source.self)
    unsafe target[unchecked: index] = T(truncatingIfNeeded: bits) &+ base
  }
}

/// Other widths: eight values take `bits` whole bytes, so blocks of eight go through vectors, and
/// what lies before the first and after the last such block goes one by one.
@inline(__always)
private func unpackShifted<T: NodeInteger>(
  _ packed: RawSpan, _ bits: Int, _ base: T, _ first: Int, _ target: inout MutableSpan<T>
) {
  let head = min(target.count, -first & 7)
  let start = (first &+ head) / 8 &* bits
  // The last word that a block touches must end inside: 64-bit words at `lastWord` of the block.
  let lastWord = BlockLayout.lastWord(bits, isWide: T.isWide)
  let room = packed.byteCount &- start &- lastWord &- 8
  let blocks = room < 0 ? 0 : min((target.count &- head) / 8, room / bits &+ 1)
  unpackRest(packed, bits, base, first, 0..<head, &target)
  if blocks > 0 {
    unsafe packed.withUnsafeBytes { source in
      unsafe target.withUnsafeMutableBytes { result in
        guard let source = source.baseAddress, let result = result.baseAddress else { return }
        unsafe unpackBlocks(
          source + start, bits, base, blocks, result + head &* MemoryLayout<T>.size)
      }
    }
  }
  unpackRest(packed, bits, base, first, head &+ blocks &* 8..<target.count, &target)
}

/// Any width, any place.
private func unpackRest<T: NodeInteger>(
  _ packed: RawSpan, _ bits: Int, _ base: T, _ first: Int, _ range: Range<Int>,
  _ target: inout MutableSpan<T>
) {
  for index in range {
    target[index] = T(truncatingIfNeeded: shiftedBits(packed, bits, first &+ index)) &+ base
  }
}

/// The bits of value `index`.
///
/// Up to 57 bits lie in the eight bytes from the one where they start, or in the last eight; more
/// may need a ninth byte.
@inline(__always)
private func shiftedBits(_ packed: RawSpan, _ bits: Int, _ index: Int) -> UInt64 {
  let bit = index &* bits
  let byte = min(bit &>> 3, packed.byteCount &- 8)
  let shift = bit &- byte &* 8
  var value = packed.load(byte, as: UInt64.self) &>> UInt64(truncatingIfNeeded: shift)
  if shift &+ bits > 64 {
    let rest = UInt64(packed.load(byte &+ 8, as: UInt8.self))
    value |= rest &<< UInt64(truncatingIfNeeded: 64 &- shift)
  }
  return value & (UInt64.max &>> UInt64(truncatingIfNeeded: 64 &- bits))
}

import HindcastCore

/// Writes `base + bits(start + i)` for every place `i` of `target`; see 03-encodings, "packed".
///
/// `packed` must hold the words of `start + target.count` values of `bits` bits, 1...64.
func unpack<T: NodeInteger>(
  _ packed: RawSpan, from start: Int, bits: Int, base: T, into target: inout MutableSpan<T>
) {
  guard start > 0 else { return unpack(packed, bits: bits, base: base, into: &target) }
  // Eight values are whole bytes, so from a multiple of eight on it is a stream of its own.
  let head = min(target.count, -start & 7)
  precondition(packed.byteCount >= packedWordCount(start + target.count, bits: bits) * 8)
  for index in 0..<head {
    target[index] = base &+ T(truncatingIfNeeded: bitsOf(packed, start + index, bits))
  }
  guard head < target.count else { return }
  var rest = target._mutatingExtracting(head...)
  let offset = (start + head) / 8 * bits
  let whole = (packed.byteCount - offset - 8) * 8 / bits & ~7
  guard whole > 0, offset & 7 != 0 else {
    if offset & 7 == 0 {
      return unpack(packed.extracting(offset...), bits: bits, base: base, into: &rest)
    }
    for index in rest.indices {
      rest[index] =
        base &+ T(truncatingIfNeeded: bitsOf(packed, start + head + index, bits))
    }
    return
  }
  unpackTail(packed, from: start + head, bits: bits, base: base, into: &rest)
}

/// The bits of value `index`.
@inline(__always)
private func bitsOf(_ packed: RawSpan, _ index: Int, _ bits: Int) -> UInt64 {
  let bit = index &* bits
  let shift = UInt64(truncatingIfNeeded: bit & 63)
  let start = (bit &>> 6) &* 8
  var value = packed.load(start, as: UInt64.self) &>> shift
  if shift &+ UInt64(truncatingIfNeeded: bits) > 64 {
    value |= packed.load(start &+ 8, as: UInt64.self) &<< (64 &- shift)
  }
  return bits == 64 ? value : value & (1 &<< UInt64(truncatingIfNeeded: bits) &- 1)
}

private func unpackTail<T: NodeInteger>(
  _ packed: RawSpan, from start: Int, bits: Int, base: T, into target: inout MutableSpan<T>
) {
  for index in target.indices {
    target[index] = base &+ T(truncatingIfNeeded: bitsOf(packed, start + index, bits))
  }
}

/// Writes `base + bits(i)` for every place of `target`; see 03-encodings, "packed".
///
/// `packed` must hold the words of `target.count` values of `bits` bits, 1...64: this is checked
/// once, so that the loops need no checks.
func unpack<T: NodeInteger>(
  _ packed: RawSpan, bits: Int, base: T, into target: inout MutableSpan<T>
) {
  precondition(bits >= 1 && bits <= 64)
  precondition(packed.byteCount >= packedWordCount(target.count, bits: bits) * 8)
  switch bits {
  case 8: widen(packed, UInt8.self, base, &target)
  case 16: widen(packed, UInt16.self, base, &target)
  case 32: widen(packed, UInt32.self, base, &target)
  case 64: widen(packed, UInt64.self, base, &target)
  case 1, 2, 4: unpackDivisors(packed, bits, base, &target)
  case 3, 5...7, 9...56: unpackBlocks(packed, bits, base, &target)
  default: unpackRest(packed, bits, base, from: 0, &target)
  }
}

/// Whole-byte widths: a copy that widens.
@inline(__always)
private func widen<Source: NodeInteger, T: NodeInteger>(
  _ packed: RawSpan, _: Source.Type, _ base: T, _ target: inout MutableSpan<T>
) {
  for index in target.indices {
    let bits = unsafe packed.unsafeLoadUnaligned(
      fromUncheckedByteOffset: index &* MemoryLayout<Source>.size, as: Source.self)
    unsafe target[unchecked: index] = T(truncatingIfNeeded: bits) &+ base
  }
}

/// Widths that divide 64: no value lies in two words.
@inline(__always)
private func unpackDivisors<T: NodeInteger>(
  _ packed: RawSpan, _ bits: Int, _ base: T, _ target: inout MutableSpan<T>
) {
  let perWord = 64 / bits
  let mask: UInt64 = 1 &<< UInt64(bits) &- 1
  let whole = target.count / perWord
  for word in 0..<whole {
    var rest = unsafe packed.unsafeLoadUnaligned(
      fromUncheckedByteOffset: word &* 8, as: UInt64.self)
    let start = word &* perWord
    for index in 0..<perWord {
      unsafe target[unchecked: start &+ index] = T(truncatingIfNeeded: rest & mask) &+ base
      rest &>>= UInt64(bits)
    }
  }
  unpackRest(packed, bits, base, from: whole &* perWord, &target)
}

/// Widths up to 56: eight values take `bits` bytes, and each lies in one unaligned word.
@inline(__always)
private func unpackBlocks<T: NodeInteger>(
  _ packed: RawSpan, _ bits: Int, _ base: T, _ target: inout MutableSpan<T>
) {
  let mask: UInt64 = 1 &<< UInt64(bits) &- 1
  // The last word that a block touches starts at most 7 bytes before the block's end.
  let blocks = max(0, min(target.count >> 3, (packed.byteCount - 8) / bits))
  for block in 0..<blocks {
    let byte = block &* bits
    for lane in 0..<8 {
      let bit = lane &* bits
      let word = unsafe packed.unsafeLoadUnaligned(
        fromUncheckedByteOffset: byte &+ (bit &>> 3), as: UInt64.self)
      let value = (word &>> UInt64(bit & 7)) & mask
      unsafe target[unchecked: block &* 8 &+ lane] = T(truncatingIfNeeded: value) &+ base
    }
  }
  unpackRest(packed, bits, base, from: blocks &* 8, &target)
}

/// Any width, any place: a value may lie in two words.
private func unpackRest<T: NodeInteger>(
  _ packed: RawSpan, _ bits: Int, _ base: T, from start: Int, _ target: inout MutableSpan<T>
) {
  let mask: UInt64 = bits == 64 ? .max : 1 &<< UInt64(bits) &- 1
  for index in start..<target.count {
    let bit = index &* bits
    let shift = bit & 63
    var value = packed.load(bit &>> 6 &* 8, as: UInt64.self) &>> UInt64(shift)
    if shift &+ bits > 64 {
      value |= packed.load((bit &>> 6 &+ 1) &* 8, as: UInt64.self) &<< UInt64(64 &- shift)
    }
    unsafe target[unchecked: index] = T(truncatingIfNeeded: value & mask) &+ base
  }
}

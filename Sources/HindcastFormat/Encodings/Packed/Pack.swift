import HindcastCore

/// Adds a *packed* node of `values`, each `base` plus at most `bits` bits.
func writePacked<T: NodeInteger>(
  _ values: Span<T>, base: T, bits: Int, to out: inout MutableBuffer
) {
  NodeHeader.write(.packed, parameter: UInt8(bits), count: values.count, to: &out)
  base.putScalar(to: &out)
  appendPacked(values, base: base, bits: bits, to: &out)
}

/// Adds the words of `values`, each `base` plus at most `bits` bits.
func appendPacked<T: NodeInteger>(
  _ values: Span<T>, base: T, bits: Int, to out: inout MutableBuffer
) {
  let start = out.byteCount
  out.resize(byteCount: start + packedWordCount(values.count, bits: bits) * 8)
  var all = out.mutableSpan(of: UInt8.self)
  var words = all._mutatingExtracting(start...)
  pack(values, base: base, bits: bits, into: &words)
}

/// Writes the lowest `bits` bits, 1...64, of `values[i] - base` one after the other; see
/// 03-encodings, "packed".
///
/// `target` must be exactly the words of `values.count` values, and differences must be below
/// 2^`bits`. O(values.count).
@specialized(where T == UInt8)
@specialized(where T == UInt16)
@specialized(where T == UInt32)
@specialized(where T == UInt64)
@specialized(where T == UInt128)
package func pack<T: NodeInteger>(
  _ values: Span<T>, base: T, bits: Int, into target: inout MutableSpan<UInt8>
) {
  precondition(bits >= 1 && bits <= 64)
  precondition(target.count == packedWordCount(values.count, bits: bits) * 8)
  switch bits {
  case 8: narrow(values, base, as: UInt8.self, &target)
  case 16: narrow(values, base, as: UInt16.self, &target)
  case 32: narrow(values, base, as: UInt32.self, &target)
  case 64: narrow(values, base, as: UInt64.self, &target)
  default: packShifted(values, base, bits, &target)
  }
}

/// Whole-byte widths: a copy that narrows.
@inline(__always)
private func narrow<T: NodeInteger, Result: NodeInteger>(
  _ values: Span<T>, _ base: T, as: Result.Type, _ target: inout MutableSpan<UInt8>
) {
  unsafe target.withUnsafeMutableBytes { bytes in
    guard let start = bytes.baseAddress else { return }
    for index in values.indices {
      let value = unsafe Result(truncatingIfNeeded: values[unchecked: index] &- base)
      unsafe start.storeBytes(
        of: value.littleEndian, toByteOffset: index &* Result.byteCount, as: Result.self)
    }
    // The last word may have room to spare.
    let end = values.count &* Result.byteCount
    for index in end..<bytes.count { unsafe bytes[index] = 0 }
  }
}

/// Other widths: blocks of eight values, then the rest.
@inline(__always)
private func packShifted<T: NodeInteger>(
  _ values: Span<T>, _ base: T, _ bits: Int, _ target: inout MutableSpan<UInt8>
) {
  let lastWord = BlockLayout.lastWord(bits, isWide: false)
  let room = target.count &- lastWord &- 8
  let blocks = room < 0 || bits > 57 ? 0 : min(values.count / 8, room / bits &+ 1)
  if blocks > 0 {
    unsafe values.withUnsafeBytes { source in
      unsafe target.withUnsafeMutableBytes { result in
        guard let source = source.baseAddress, let result = result.baseAddress else { return }
        unsafe packBlocks(source, base, bits, blocks, result, T.self)
      }
    }
  }
  packRest(values, base, bits, from: blocks &* 8, &target)
}

/// Any width: a word at a time, from value `start` on, a multiple of 8.
private func packRest<T: NodeInteger>(
  _ values: Span<T>, _ base: T, _ bits: Int, from start: Int, _ target: inout MutableSpan<UInt8>
) {
  // What the blocks filled of the first word; beyond it they may have written anything.
  var filled = start &* bits & 63
  var next = (start &* bits) / 64 &* 8
  var word: UInt64 = 0
  for byte in 0..<filled / 8 { word |= UInt64(target[next &+ byte]) &<< UInt64(byte &* 8) }
  for index in start..<values.count {
    let value = UInt64(truncatingIfNeeded: values[index] &- base)
    word |= value &<< UInt64(truncatingIfNeeded: filled)
    filled &+= bits
    if filled >= 64 {
      put(word, next, &target)
      next &+= 8
      filled &-= 64
      // What did not fit; nothing if the value ended with the word.
      word = filled == 0 ? 0 : value &>> UInt64(truncatingIfNeeded: bits &- filled)
    }
  }
  if filled > 0 { put(word, next, &target) }
}

@inline(__always)
private func put(_ word: UInt64, _ offset: Int, _ target: inout MutableSpan<UInt8>) {
  precondition(offset &+ 8 <= target.count)
  unsafe target.withUnsafeMutableBytes { bytes in
    unsafe bytes.storeBytes(of: word.littleEndian, toByteOffset: offset, as: UInt64.self)
  }
}

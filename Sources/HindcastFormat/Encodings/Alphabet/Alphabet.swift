import HindcastCore

/// The characters of byte strings that use few of the 256, with a code for each.
package struct Alphabet {
  /// The characters, rising: 2...128.
  package let characters: [UInt8]

  /// The bits of a code: 1...7.
  package var bits: Int { bitWidth(UInt64(characters.count - 1)) }

  /// The characters of `data`; nil if they are fewer than 2 or more than 128.
  ///
  /// O(data.byteCount), but stops soon after the 129th character.
  package init?(of data: RawSpan) {
    var isUsed = [Bool](repeating: false, count: 256)
    var used = 0
    var start = 0
    while start < data.byteCount, used <= 128 {
      let end = min(start &+ 2048, data.byteCount)
      markUsed(data.extracting(start..<end), &isUsed)
      used = isUsed.count { $0 }
      start = end
    }
    guard used >= 2, used <= 128 else { return nil }
    characters = (0...255).filter { isUsed[Int($0)] }
  }

  /// Packs the code of each byte of `data`, all of whose characters must be of this alphabet.
  ///
  /// `target` must be exactly the words of that many codes. O(data.byteCount).
  package func pack(_ data: RawSpan, into target: inout MutableSpan<UInt8>) {
    let bits = self.bits
    precondition(target.count == packedWordCount(data.byteCount, bits: bits) * 8)
    var table = [UInt8](repeating: 0, count: 256)
    for (code, character) in characters.enumerated() { table[Int(character)] = UInt8(code) }
    // A chunk is a multiple of 64 codes, so it fills whole words.
    let chunk = 4096
    var codes = MutableBuffer(byteCount: chunk)
    var start = 0
    while start < data.byteCount {
      let count = min(chunk, data.byteCount &- start)
      var part = codes.mutableSpan(of: UInt8.self)
      lookUp(data.extracting(start..<start &+ count), table.span, into: &part)
      let first = packedWordCount(start, bits: bits) * 8
      let last = first + packedWordCount(count, bits: bits) * 8
      var words = target._mutatingExtracting(first..<last)
      HindcastFormat.pack(
        codes.span(of: UInt8.self).extracting(0..<count), base: 0, bits: bits, into: &words)
      start &+= count
    }
  }
}

private func markUsed(_ data: RawSpan, _ isUsed: inout [Bool]) {
  var flags = isUsed.mutableSpan
  for index in 0..<data.byteCount { flags[Int(data.load(index, as: UInt8.self))] = true }
}

/// Writes `table[source[i]]`; the table has 256 places.
@inline(__always)
private func lookUp(
  _ source: RawSpan, _ table: Span<UInt8>, into target: inout MutableSpan<UInt8>
) {
  precondition(table.count == 256 && target.count >= source.byteCount)
  for index in 0..<source.byteCount {
    let byte = unsafe source.unsafeLoadUnaligned(
      fromUncheckedByteOffset: index, as: UInt8.self)
    unsafe target[unchecked: index] = table[unchecked: Int(byte)]
  }
}

/// Writes the characters of the codes from place `first` on over all of `target`; false if a code
/// is beyond the characters.
///
/// `packed` must hold the words of `first + target.count` codes of `bits` bits, 1...7; there must
/// be 1...2^`bits` characters. O(target.count).
///
/// Two or four codes a byte are looked up together: 0.17 and 0.12 ns a character on one core of a
/// Zen 4 at 3.7 GHz; other widths, code by code, 0.43.
package func unpackCharacters(
  _ packed: RawSpan, bits: Int, characters: Span<UInt8>, from first: Int = 0,
  into target: inout MutableSpan<UInt8>
) -> Bool {
  precondition(bits >= 1 && bits <= 7 && characters.count >= 1 && characters.count <= 1 << bits)
  precondition(packed.byteCount >= packedWordCount(first + target.count, bits: bits) * 8)
  let perByte = bits == 4 ? 2 : bits == 2 ? 4 : 1
  guard perByte > 1, first % perByte == 0, target.count >= 64 else {
    return unpackSingly(packed, bits, characters, first, &target)
  }
  let whole = target.count & -perByte
  let bytes = packed.extracting(first / perByte..<(first + whole) / perByte)
  let isValid =
    bits == 4 ? unpackPairs(bytes, characters, &target) : unpackFours(bytes, characters, &target)
  var rest = target._mutatingExtracting(whole...)
  let isRestValid = unpackSingly(packed, bits, characters, first + whole, &rest)
  return isValid && isRestValid
}

/// Codes to bytes, then bytes to characters.
private func unpackSingly(
  _ packed: RawSpan, _ bits: Int, _ characters: Span<UInt8>, _ first: Int,
  _ target: inout MutableSpan<UInt8>
) -> Bool {
  unpack(packed, bits: bits, base: 0, from: first, into: &target)
  var greatest: UInt8 = 0
  for index in target.indices { greatest = unsafe max(greatest, target[unchecked: index]) }
  guard Int(greatest) < characters.count else { return target.count == 0 }
  for index in target.indices {
    unsafe target[unchecked: index] = characters[unchecked: Int(target[unchecked: index])]
  }
  return true
}

/// Four bits a code: each byte gives two characters, and bit 16 if one of its codes is bad.
private func unpackPairs(
  _ bytes: RawSpan, _ characters: Span<UInt8>, _ target: inout MutableSpan<UInt8>
) -> Bool {
  let table = (0..<256).map { byte -> UInt32 in
    let (low, high) = (byte & 15, byte >> 4)
    guard max(low, high) < characters.count else { return 1 << 16 }
    return UInt32(characters[low]) | UInt32(characters[high]) << 8
  }
  let entries = table.span
  var seen: UInt32 = 0
  precondition(target.count >= bytes.byteCount * 2)
  unsafe target.withUnsafeMutableBytes { result in
    guard let result = result.baseAddress else { return }
    for index in 0..<bytes.byteCount {
      let byte = unsafe bytes.unsafeLoadUnaligned(fromUncheckedByteOffset: index, as: UInt8.self)
      let entry = unsafe entries[unchecked: Int(byte)]
      seen |= entry
      let pair = UInt16(truncatingIfNeeded: entry).littleEndian
      unsafe result.storeBytes(of: pair, toByteOffset: index &* 2, as: UInt16.self)
    }
  }
  return seen >> 16 == 0
}

/// Two bits a code: each byte gives four characters, and bit 32 if one of its codes is bad.
private func unpackFours(
  _ bytes: RawSpan, _ characters: Span<UInt8>, _ target: inout MutableSpan<UInt8>
) -> Bool {
  let table = (0..<256).map { byte -> UInt64 in
    var entry: UInt64 = 0
    for place in 0..<4 {
      let code = byte >> (2 * place) & 3
      guard code < characters.count else { return 1 << 32 }
      entry |= UInt64(characters[code]) << UInt64(8 * place)
    }
    return entry
  }
  let entries = table.span
  var seen: UInt64 = 0
  precondition(target.count >= bytes.byteCount * 4)
  unsafe target.withUnsafeMutableBytes { result in
    guard let result = result.baseAddress else { return }
    for index in 0..<bytes.byteCount {
      let byte = unsafe bytes.unsafeLoadUnaligned(fromUncheckedByteOffset: index, as: UInt8.self)
      let entry = unsafe entries[unchecked: Int(byte)]
      seen |= entry
      let four = UInt32(truncatingIfNeeded: entry).littleEndian
      unsafe result.storeBytes(of: four, toByteOffset: index &* 4, as: UInt32.self)
    }
  }
  return seen >> 32 == 0
}

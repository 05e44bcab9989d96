import HindcastCore

/// The few different bytes of byte strings.
struct CharacterSet: Sendable {
  /// The bytes that occur, ascending: 2...128.
  let characters: [UInt8]

  var count: Int { characters.count }

  /// The bits of a character's place.
  var bits: Int { bitWidth(UInt64(count - 1)) }

  /// Finds the bytes that occur in `data`; nil if they are too many, or less than two.
  init?(_ data: RawSpan) {
    var isThere = InlineArray<256, Bool>(repeating: false)
    var count = 0
    var start = 0
    while start < data.byteCount {
      let end = min(data.byteCount, start + 1024)
      for index in start..<end {
        isThere[Int(unsafe data.unsafeLoad(fromUncheckedByteOffset: index, as: UInt8.self))] = true
      }
      count = 0
      for byte in 0..<256 where isThere[byte] { count += 1 }
      guard count <= 128 else { return nil }
      start = end
    }
    guard count >= 2 else { return nil }
    characters = (0..<256).filter { isThere[$0] }.map { UInt8($0) }
  }
}

extension NodeWriter {
  /// Adds an *alphabet* node.
  func writeAlphabet(
    _ set: CharacterSet, _ values: ByteStrings, _ lengths: Span<UInt32>,
    to out: inout MutableBuffer
  ) {
    NodeHeader.write(.alphabet, parameter: UInt8(set.bits), count: lengths.count, to: &out)
    out.put(count: set.count)
    out.append(contentsOf: set.characters.span)
    out.pad8()
    deeper.writeIntegers(lengths, kind: .unsigned, to: &out)
    let total = values.dataByteCount
    out.put(count: total)
    var places = MutableBuffer(byteCount: total)
    var target = places.mutableSpan(of: UInt8.self)
    var placeOf = InlineArray<256, UInt8>(repeating: 0)
    for (place, character) in set.characters.enumerated() {
      placeOf[Int(character)] = UInt8(place)
    }
    let data = values.data.bytes
    for index in target.indices {
      target[index] = placeOf[Int(data.load(index, as: UInt8.self))]
    }
    appendPacked(target.span, base: 0, bits: set.bits, to: &out)
  }
}

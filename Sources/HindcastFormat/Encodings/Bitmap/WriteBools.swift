import HindcastCore

extension NodeWriter {
  /// Adds a node of `count` bits in the smallest encoding that may stand here.
  func writeBools(_ bits: Span<UInt8>, count: Int, to out: inout MutableBuffer) {
    let ones = Bits.population(bits, count: count)
    if count > 0, ones == 0 || ones == count {
      NodeHeader.write(.constant, count: count, to: &out)
      out.put(count: ones == 0 ? 0 : 1)
      return
    }
    var choice = Encoding.bitmap
    var best = Int.max
    for candidate in boolSizes(bits, count: count, ones: ones) where candidate.1 < best {
      (choice, best) = candidate
    }
    switch choice {
    case .runLength: writeBoolRuns(bits, count: count, to: &out)
    case .sparse: writeSparse(bits, count: count, ones: ones, to: &out)
    default: writeBitmap(bits, count: count, to: &out)
    }
  }

  /// The encodings that may stand here, and their sizes.
  private func boolSizes(
    _ bits: Span<UInt8>, count: Int, ones: Int
  ) -> [(Encoding, Int)] {
    var sizes = [(Encoding.bitmap, 8 + packedWordCount(count, bits: 1) * 8)]
    guard count > 0 else { return sizes }
    if allows(.runLength) {
      let runCount = boolRunCount(bits, count: count)
      let runs = 8 + flatByteCount(runCount, bits: bitWidth(UInt64(count)), byteCount: 4)
      sizes.append((.runLength, runs))
    }
    if allows(.sparse) {
      sizes.append((.sparse, sparseByteCount(min(ones, count - ones), of: count)))
    }
    return sizes
  }

  /// What is weighed for bits, at least one.
  func boolCandidates(_ bits: Span<UInt8>, count: Int) -> [EncodingCandidate] {
    let ones = Bits.population(bits, count: count)
    if ones == 0 || ones == count {
      return [EncodingCandidate(name: Encoding.constant.name, byteCount: 16)]
    }
    return boolSizes(bits, count: count, ones: ones).map {
      EncodingCandidate(name: $0.0.name, byteCount: $0.1)
    }
  }

  private func writeBitmap(_ bits: Span<UInt8>, count: Int, to out: inout MutableBuffer) {
    NodeHeader.write(.bitmap, count: count, to: &out)
    let whole = count >> 3
    out.append(contentsOf: bits.extracting(0..<whole))
    if count & 7 != 0 { out.put(bits[whole] & (1 << UInt8(count & 7) - 1)) }
    out.pad8()
  }

  private func writeBoolRuns(_ bits: Span<UInt8>, count: Int, to out: inout MutableBuffer) {
    NodeHeader.write(.runLength, parameter: Bits.get(bits, 0) ? 1 : 0, count: count, to: &out)
    var ends = MutableBuffer()
    for index in 1..<count where Bits.get(bits, index) != Bits.get(bits, index - 1) {
      ends.append(UInt32(index))
    }
    ends.append(UInt32(count))
    child(1, of: .runLength).writeIntegers(ends.span(of: UInt32.self), kind: .unsigned, to: &out)
  }

  /// Adds a *sparse* node of the places of the rarer bit.
  private func writeSparse(
    _ bits: Span<UInt8>, count: Int, ones: Int, to out: inout MutableBuffer
  ) {
    let value = ones <= count - ones
    NodeHeader.write(.sparse, parameter: value ? 1 : 0, count: count, to: &out)
    let places = places(of: value, in: bits, count: count, value ? ones : count - ones)
    child(of: .sparse).writeIntegers(places.span(of: UInt32.self), kind: .unsigned, to: &out)
  }
}

/// Where the first `count` bits have `value`: `placeCount` rising numbers, `UInt32`.
///
/// O(count / 8 + places).
private func places(
  of value: Bool, in bits: Span<UInt8>, count: Int, _ placeCount: Int
) -> Buffer {
  var buffer = MutableBuffer(byteCount: placeCount * 4)
  var places = buffer.mutableSpan(of: UInt32.self)
  let flip: UInt8 = value ? 0 : 0xFF
  var next = 0
  for index in 0..<Bits.byteCount(count) {
    var byte = bits[index] ^ flip
    if index == count >> 3 { byte &= 1 << UInt8(count & 7) - 1 }
    while byte != 0 {
      places[next] = UInt32(8 * index + byte.trailingZeroBitCount)
      next &+= 1
      byte &= byte &- 1
    }
  }
  return buffer.freeze()
}

/// The maximal stretches of equal bits; `bits` has as many bytes as `count` takes at least.
private func boolRunCount(_ bits: Span<UInt8>, count: Int) -> Int {
  // A run begins where a bit differs from the one before it, here moved to its place.
  let whole = count >> 3
  var changes = 0
  var previous = bits[0] & 1
  for index in 0..<whole {
    let byte = bits[index]
    changes &+= (byte ^ (byte &<< 1 | previous)).nonzeroBitCount
    previous = byte &>> 7
  }
  for index in whole * 8..<count where Bits.get(bits, index) != (previous == 1) {
    changes &+= 1
    previous ^= 1
  }
  return changes + 1
}

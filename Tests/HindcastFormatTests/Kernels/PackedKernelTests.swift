import HindcastCore
import HindcastFormat
import Testing

/// Bit-packing against a plain reading of the specification, one bit at a time.
@Suite struct PackedKernelTests {
  @Test(arguments: 1...64)
  func everyWidthLengthAndStart(_ bits: Int) throws {
    var generator = SeededGenerator(seed: testSeed())
    if bits <= 8 { check(bits, UInt8.self, using: &generator) }
    if bits <= 16 { check(bits, UInt16.self, using: &generator) }
    if bits <= 32 { check(bits, UInt32.self, using: &generator) }
    check(bits, UInt64.self, using: &generator)
    check(bits, UInt128.self, using: &generator)
  }

  @Test("nothing beyond the words is read", arguments: 1...64)
  func readsNoFurther(_ bits: Int) throws {
    for count in 1...80 {
      let words = [UInt8](repeating: 0xAA, count: (count * bits + 63) / 64 * 8)
      let packed = try #require(GuardedBytes(words)?.buffer)
      if bits <= 8 { readAll(packed, bits, count, UInt8.self) }
      if bits <= 16 { readAll(packed, bits, count, UInt16.self) }
      if bits <= 32 { readAll(packed, bits, count, UInt32.self) }
      readAll(packed, bits, count, UInt64.self)
      readAll(packed, bits, count, UInt128.self)
    }
  }

  private func readAll<T: NodeInteger>(_ packed: Buffer, _ bits: Int, _ count: Int, _: T.Type) {
    var result = MutableBuffer(byteCount: count * MemoryLayout<T>.size)
    var target = result.mutableSpan(of: T.self)
    unpack(packed.bytes, bits: bits, base: 0, into: &target)
    let last = unpackedValue(packed.bytes, bits: bits, base: T(0), at: count - 1)
    #expect(target[count - 1] == last, "\(T.self), \(bits) bits, \(count) values")
  }

  private func check<T: NodeInteger>(
    _ bits: Int, _: T.Type, using generator: inout SeededGenerator
  ) {
    let total = 240
    let mask: T = bits == T.bitWidth ? .max : 1 << T(bits) - 1
    for base in [0, T.max, T.max / 3] {
      let extremes: [T] = [0, mask, 1, mask - 1]
      let values = (0..<total).map { index -> T in
        let number = index % 5 == 0 ? extremes[index % 4] : T(truncatingIfNeeded: draw(&generator))
        return (number & mask) &+ base
      }
      for count in [Int](0...32) + [63, 64, 65, 127, 128, 129, 200, total] {
        var bytes = [UInt8](repeating: 0xAA, count: (count * bits + 63) / 64 * 8)
        var span = bytes.mutableSpan
        pack(values.span.extracting(0..<count), base: base, bits: bits, into: &span)
        let expected = slowPack(values[0..<count], base: base, bits: bits)
        #expect(bytes == expected, "\(T.self), \(bits) bits, \(count) values")
      }
      checkReading(values, base, bits)
    }
  }

  private func draw(_ generator: inout SeededGenerator) -> UInt128 {
    UInt128(generator.next()) << 64 | UInt128(generator.next())
  }

  /// Every start up to 40 with every length up to 200.
  private func checkReading<T: NodeInteger>(_ values: [T], _ base: T, _ bits: Int) {
    var mismatches = 0
    for end in 0...values.count {
      // As short as the stream may be, so that reading beyond it would trap or differ.
      let stream = Buffer(slowPack(values[0..<end], base: base, bits: bits))
      if end > 0 {
        let value = unpackedValue(stream.bytes, bits: bits, base: base, at: end - 1)
        if value != values[end - 1] { mismatches += 1 }
      }
      for start in 0...min(end, 40) where end - start <= 200 {
        var result = MutableBuffer(byteCount: (end - start) * MemoryLayout<T>.size)
        var target = result.mutableSpan(of: T.self)
        unpack(stream.bytes, bits: bits, base: base, from: start, into: &target)
        for index in target.indices where target[index] != values[start + index] {
          mismatches += 1
        }
      }
    }
    #expect(mismatches == 0, "\(T.self), \(bits) bits")
  }

  /// Bit by bit.
  private func slowPack<T: NodeInteger>(_ values: ArraySlice<T>, base: T, bits: Int) -> [UInt8] {
    var result = [UInt8](repeating: 0, count: (values.count * bits + 63) / 64 * 8)
    for (index, value) in values.enumerated() {
      for bit in 0..<bits where (value &- base) >> T(bit) & 1 != 0 {
        let place = index * bits + bit
        result[place / 8] |= 1 << UInt8(place % 8)
      }
    }
    return result
  }
}

import HindcastCore
import HindcastTestKit
import Testing

@Suite("Bit maps")
struct BitsTests {
  private static func random(_ count: Int, _ generator: inout SplitMix64) -> (Buffer, [Bool]) {
    let flags = (0..<count).map { _ in generator.oneIn(2) }
    var buffer = MutableBuffer(byteCount: Bits.byteCount(count))
    var span = buffer.mutableSpan(of: UInt8.self)
    for index in flags.indices { Bits.set(&span, index) }
    for (index, flag) in flags.enumerated() where !flag { Bits.clear(&span, index) }
    return (buffer.freeze(), flags)
  }

  @Test("set, clear and get agree with an array, least significant bit first")
  func access() {
    let seed = UInt64.random(in: 0...UInt64.max)
    var generator = SplitMix64(seed: seed)
    for count in [0, 1, 7, 8, 9, 63, 64, 65, 200] {
      let (bits, flags) = Self.random(count, &generator)
      let bytes = bits.span(of: UInt8.self)
      for (index, flag) in flags.enumerated() {
        #expect(Bits.get(bytes, index) == flag, "seed \(seed)")
        #expect((bytes[index / 8] >> UInt8(index % 8) & 1 == 1) == flag, "seed \(seed)")
      }
    }
  }

  @Test("population counts the first bits only")
  func population() {
    let seed = UInt64.random(in: 0...UInt64.max)
    var generator = SplitMix64(seed: seed)
    let (bits, flags) = Self.random(77, &generator)
    for count in 0...77 {
      let expected = flags.prefix(count).count { $0 }
      #expect(Bits.population(bits.span(of: UInt8.self), count: count) == expected, "seed \(seed)")
    }
  }

  @Test("slices at every start and of every length")
  func slices() {
    let seed = UInt64.random(in: 0...UInt64.max)
    var generator = SplitMix64(seed: seed)
    let (bits, flags) = Self.random(43, &generator)
    for start in 0...43 {
      for count in 0...43 - start {
        let slice = Bits.slice(bits.span(of: UInt8.self), from: start, count: count)
        let bytes = slice.span(of: UInt8.self)
        let copied = (0..<count).map { Bits.get(bytes, $0) }
        #expect(copied == Array(flags[start..<start + count]), "seed \(seed)")
        #expect(slice.byteCount == Bits.byteCount(count))
        let padding = (count..<8 * slice.byteCount).contains { Bits.get(bytes, $0) }
        #expect(!padding, "bits after the last must be clear")
      }
    }
  }
}

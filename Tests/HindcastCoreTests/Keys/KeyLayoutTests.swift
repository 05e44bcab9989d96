import HindcastCore
import HindcastTestKit
import Testing

@Suite("Damaged keys")
struct KeyLayoutTests {
  @Test("bytes that are no key of the layout are refused as corrupt")
  func refusals() {
    let cases: [([DataType], [UInt8])] = [
      ([.int64], []), ([.int64], [0, 0, 0, 0, 0, 0, 0]), ([.int64], Array(repeating: 0, count: 9)),
      ([.int8], [0x80, 0, 0, 0, 0, 0, 0, 0x80]),
      ([.uint8], [0x7F, 255, 255, 255, 255, 255, 255, 255]),
      ([.date], [0, 0, 0, 0, 0, 0, 0, 0]), ([.bool], []), ([.bool], [2]), ([.bool], [1, 1]),
      ([.utf8], []), ([.utf8], [0]), ([.utf8], [0x61]), ([.utf8], [0x61, 0]),
      ([.utf8], [0x61, 0, 1]), ([.utf8], [0x61, 0, 0xFF]), ([.utf8], [0x61, 0, 0, 0]),
      ([.utf8, .utf8], [0x61, 0, 0]),
    ]
    for (types, bytes) in cases {
      let error = #expect(throws: HindcastError.self) {
        try KeyLayout(components: types).decode(bytes)
      }
      #expect(error?.code == .corrupt, "\(types) \(bytes)")
    }
  }

  @Test("random bytes never trap, and what decodes encodes back", arguments: 0..<40)
  func fuzz(round: Int) throws {
    let seed = UInt64.random(in: 0...UInt64.max)
    var random = SplitMix64(seed: seed)
    let types = (0..<random.int(1...3)).map { _ in random.identifierType() }
    let layout = KeyLayout(components: types)
    for _ in 0..<300 {
      let bytes = (0..<random.int(0...20)).map { _ in
        random.pick([0, 0, 0xFF, 1, 0x7F, 0x80]) as UInt8
      }
      guard let record = try? layout.decode(bytes) else { continue }
      let keys = try KeyEncoderTests.encode([record], types: types).keys
      #expect(keys.bytes(0) == bytes, "seed \(seed): \(types)")
    }
  }
}

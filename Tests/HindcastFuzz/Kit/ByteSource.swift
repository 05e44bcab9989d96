import HindcastCore

/// Takes decisions from the bytes of a fuzzer's input, front to back; zeros after their end.
struct ByteSource {
  private let input: Buffer
  private var position = 0

  init(_ input: Buffer) { self.input = input }

  var isAtEnd: Bool { position >= input.byteCount }

  mutating func byte() -> UInt8 {
    guard position < input.byteCount else { return 0 }
    defer { position += 1 }
    return input.span(of: UInt8.self)[position]
  }

  /// A number of 0..<`limit`, which is at most 256.
  mutating func number(below limit: Int) -> Int { Int(byte()) % limit }

  mutating func flag() -> Bool { byte() & 1 == 1 }

  /// A little-endian number of `byteCount` bytes.
  mutating func word(_ byteCount: Int) -> UInt128 {
    var word: UInt128 = 0
    for index in 0..<byteCount { word |= UInt128(byte()) << UInt128(8 * index) }
    return word
  }

  mutating func element<Element>(of choices: [Element]) -> Element {
    choices[number(below: choices.count)]
  }
}

/// Numbers without a pattern, from a seed.
struct Scatter {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }
}

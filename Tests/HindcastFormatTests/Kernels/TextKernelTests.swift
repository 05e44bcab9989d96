import HindcastCore
import HindcastFormat
import Testing

/// Alphabets and symbol tables: every text comes back, and hostile codes are refused.
@Suite struct TextKernelTests {
  // MARK: alphabet

  @Test(arguments: 2...128)
  func alphabetsOfEverySize(_ size: Int) throws {
    var generator = SeededGenerator(seed: testSeed())
    var all = Array(UInt8.min...UInt8.max)
    all.shuffle(using: &generator)
    let characters = all.prefix(size).sorted()
    for extra in [0, 1, 2, 3, 5, 63, 64, 65, 200, 5000] {
      // Each at least once.
      let text =
        characters + (0..<extra).map { _ in characters[Int(generator.next() % UInt64(size))] }
      let buffer = Buffer(text)
      let found = Alphabet(of: buffer.bytes)
      let alphabet = try #require(found)
      #expect(alphabet.characters == characters)
      let bits = alphabet.bits
      #expect(size <= 1 << bits && size > 1 << (bits - 1))
      var packed = MutableBuffer(byteCount: (text.count * bits + 63) / 64 * 8)
      var target = packed.mutableSpan(of: UInt8.self)
      alphabet.pack(buffer.bytes, into: &target)
      let stream = packed.freeze()
      for start in [0, 1, 2, 3, 4, 7, 8] where start <= text.count {
        var result = [UInt8](repeating: 0, count: text.count - start)
        var span = result.mutableSpan
        let isValid = unpackCharacters(
          stream.bytes, bits: bits, characters: characters.span, from: start, into: &span)
        #expect(isValid && result == Array(text[start...]))
      }
    }
  }

  @Test func codesBeyondTheAlphabetAreRefused() {
    for bits in 1...7 {
      for size in Set([1, (1 << (bits - 1)) + 1, (1 << bits) - 1]) where size < 1 << bits {
        let characters = (0..<size).map { UInt8(65 + $0) }
        for count in [1, 63, 64, 65, 130, 1000] {
          for place in [0, count / 2, count - 1] {
            var codes = [UInt8](repeating: 0, count: count)
            codes[place] = UInt8(size)
            var stream = MutableBuffer(byteCount: (count * bits + 63) / 64 * 8)
            var target = stream.mutableSpan(of: UInt8.self)
            pack(codes.span, base: 0, bits: bits, into: &target)
            var result = [UInt8](repeating: 0, count: count)
            var span = result.mutableSpan
            let isValid = unpackCharacters(
              stream.freeze().bytes, bits: bits, characters: characters.span, into: &span)
            #expect(!isValid, "\(bits) bits, \(size) characters, \(count) codes")
          }
        }
      }
    }
  }

  @Test func textsThatAreNoAlphabet() {
    func size(_ text: [UInt8]) -> Int? { Alphabet(of: Buffer(text).bytes)?.characters.count }
    #expect(size([]) == nil)
    #expect(size([UInt8](repeating: 9, count: 5000)) == nil)
    #expect(size((0..<10000).map { UInt8($0 % 129) }) == nil)
    #expect(size((0..<10000).map { UInt8($0 % 128) }) == 128)
  }

  // MARK: symbols

  @Test func textsComeBack() throws {
    var generator = SeededGenerator(seed: testSeed())
    let words = ["http://www.", "example", ".org/", "index", "html?", "ä", "\u{0}\u{0}", "", "q="]
    for round in 0..<60 {
      let values = (0..<round * round).map { _ -> [UInt8] in
        switch generator.next() % 10 {
        case 0: return (0..<generator.next() % 20).map { _ in UInt8(generator.next() & 255) }
        case 1: return [UInt8](repeating: 0, count: Int(generator.next() % 20))
        case 2: return [UInt8](repeating: 255, count: Int(generator.next() % 20))
        default:
          return (0..<generator.next() % 8).flatMap { _ in
            Array((words.randomElement(using: &generator) ?? "").utf8)
          }
        }
      }
      try checkText(values)
    }
  }

  @Test func oddTextsComeBack() throws {
    try checkText([])
    try checkText([[]])
    try checkText([[], [], [7]])
    for length in 0...200 { try checkText([[UInt8](repeating: 65, count: length)]) }
    // All 255 codes are symbols, and one byte must be escaped.
    try checkText((0..<40).map { _ in Array(0...255) })
    // One long value, larger than a sample.
    try checkText([(0..<100_000).map { UInt8(truncatingIfNeeded: $0 &* $0 &>> 7) }])
  }

  @Test func repetitiveTextIsSmall() throws {
    let values = (0..<1000).map { Array("https://www.example.org/items/\($0 * 7919)".utf8) }
    let size = values.reduce(0) { $0 + $1.count }
    let codes = try checkText(values)
    #expect(codes * 3 < size, "\(codes) of \(size)")
  }

  /// Returns the size of the codes.
  @discardableResult
  private func checkText(_ values: [[UInt8]]) throws -> Int {
    let data = Buffer(values.flatMap { $0 })
    var ends: [Int32] = [0]
    for value in values { ends.append((ends.last ?? 0) + Int32(value.count)) }
    var trainer = SymbolTrainer()
    let table = trainer.train(data.bytes, ends: ends.span)
    #expect(table.lengths.count <= 255)
    let again = trainer.train(data.bytes, ends: ends.span)
    #expect(again.symbols == table.symbols && again.lengths == table.lengths)

    var codes = [UInt8](repeating: 0, count: 2 * data.byteCount)
    var codeEnds = [Int32](repeating: -1, count: ends.count)
    var codeSpan = codes.mutableSpan
    var endSpan = codeEnds.mutableSpan
    let count = table.compress(
      data.bytes, ends: ends.span, into: &codeSpan, codeEnds: &endSpan)
    #expect(Int(codeEnds.last ?? -1) == count)

    let stream = Buffer(Array(codes.prefix(count)))
    let decoder = try #require(makeDecoder(table.symbols, table.lengths))
    var found = [Int32](repeating: -1, count: ends.count)
    var foundSpan = found.mutableSpan
    let size = decoder.measure(
      stream.bytes, ends: codeEnds.span, limit: data.byteCount, into: &foundSpan)
    #expect(size == data.byteCount)
    #expect(found == ends)
    let expanded = decoder.expand(stream.bytes, byteCount: data.byteCount)
    #expect(expanded.array(of: UInt8.self) == data.array(of: UInt8.self))
    return count
  }

  private func makeDecoder(_ symbols: [UInt64], _ lengths: [UInt8]) -> SymbolDecoder? {
    let bytes = zip(symbols, lengths).flatMap { symbol, length in
      (0..<UInt64(length)).map { UInt8(truncatingIfNeeded: symbol >> (8 * $0)) }
    }
    return SymbolDecoder(lengths: Buffer(lengths).bytes, bytes: Buffer(bytes).bytes)
  }

  @Test func hostileSymbolsAreRefused() {
    let three = Buffer([UInt8](repeating: 65, count: 3))
    for lengths in [[0], [9], [255], [4], [1, 1], [1, 1, 2], [3, 0], [8, 8]] as [[UInt8]] {
      let isNil = SymbolDecoder(lengths: Buffer(lengths).bytes, bytes: three.bytes) == nil
      #expect(isNil, "\(lengths)")
    }
    let many = Buffer([UInt8](repeating: 1, count: 256))
    let isNil = SymbolDecoder(lengths: many.bytes, bytes: many.bytes) == nil
    #expect(isNil)
    let isFine = SymbolDecoder(lengths: Buffer([3] as [UInt8]).bytes, bytes: three.bytes) != nil
    #expect(isFine)
  }

  @Test func hostileCodesAreRefused() throws {
    // Symbols 0 "A" and 1 "BCDEFGHI".
    let decoder = try #require(makeDecoder([65, 0x4948_4746_4544_4342], [1, 8]))
    func measure(_ codes: [UInt8], _ ends: [Int32], limit: Int = 1000) -> Int? {
      var target = [Int32](repeating: 0, count: ends.count)
      var span = target.mutableSpan
      return decoder.measure(Buffer(codes).bytes, ends: ends.span, limit: limit, into: &span)
    }
    #expect(measure([0, 1, 0], [0, 3]) == 10)
    #expect(measure([255, 255, 1], [0, 2, 3]) == 9)
    #expect(measure([], [0]) == 0)
    #expect(measure([], [0, 0, 0]) == 0)
    #expect(measure([2], [0, 1]) == nil)
    #expect(measure([254], [0, 1]) == nil)
    #expect(measure([255], [0, 1]) == nil)
    #expect(measure([0, 255], [0, 2]) == nil)
    // An escape at the end of its value, though there are more codes.
    #expect(measure([0, 255, 0], [0, 2, 3]) == nil)
    #expect((measure([1, 1, 1], [0, 1, 2, 3], limit: 10) ?? 0) > 10)
  }

  @Test func everyCodeExpandsAsTheRuleSays() throws {
    var generator = SeededGenerator(seed: testSeed())
    for symbolCount in [0, 1, 2, 100, 254, 255] {
      let lengths = (0..<symbolCount).map { _ in UInt8(1 + generator.next() % 8) }
      let symbols = lengths.map { generator.next() >> UInt64(64 - 8 * Int($0)) }
      let decoder = try #require(makeDecoder(symbols, lengths))
      for count in 0...200 {
        var codes: [UInt8] = []
        var expected: [UInt8] = []
        for _ in 0..<count {
          if symbolCount == 0 || generator.next() % 9 == 0 {
            let byte = UInt8(generator.next() & 255)
            codes += [255, byte]
            expected.append(byte)
          } else {
            let code = Int(generator.next() % UInt64(symbolCount))
            codes.append(UInt8(code))
            for place in 0..<UInt64(lengths[code]) {
              expected.append(UInt8(truncatingIfNeeded: symbols[code] >> (8 * place)))
            }
          }
        }
        var ends: [Int32] = [0, 0]
        let codeEnds = [0, Int32(codes.count)]
        var span = ends.mutableSpan
        let stream = Buffer(codes)
        let size = decoder.measure(
          stream.bytes, ends: codeEnds.span, limit: 5000, into: &span)
        #expect(size == expected.count)
        let expanded = decoder.expand(stream.bytes, byteCount: expected.count)
        #expect(expanded.array(of: UInt8.self) == expected)
      }
    }
  }
}

import HindcastCore
import HindcastReference
import HindcastTestKit
import Testing

@Suite("Normalised keys")
struct KeyEncoderTests {
  static func encode(
    _ records: [[Value]], types: [DataType], as target: [DataType]? = nil
  ) throws -> KeyEncoder.Encoded {
    let encoder = try KeyEncoder(
      layout: KeyLayout(components: target ?? types), sources: types,
      names: types.indices.map { "id\($0)" })
    return try encoder.encode(
      try types.enumerated().map { index, type in
        try Column(type: type, values: records.map { $0[index] })
      })
  }

  private static func isSet(_ bits: Buffer?, _ row: Int) -> Bool {
    bits.map { Bits.get($0.span(of: UInt8.self), row) } ?? false
  }

  /// The order of two records by their values: the definition that keys are to follow.
  static func precedes(_ a: [Value], _ b: [Value]) -> Bool {
    for (x, y) in zip(a, b) where x != y {
      switch (x, y) {
      case (.integer(let m), .integer(let n)): return m < n
      case (.bool(let m), .bool(let n)): return !m && n
      case (.bytes(let m), .bytes(let n)): return m.lexicographicallyPrecedes(n)
      default: return false
      }
    }
    return false
  }

  @Test("the order of keys is the order of values, and equal only if they are", arguments: 0..<60)
  func order(round: Int) throws {
    let seed = UInt64.random(in: 0...UInt64.max)
    var random = SplitMix64(seed: seed)
    let types = (0..<random.int(1...3)).map { _ in random.identifierType() }
    let records = (0..<40).map { _ in types.map { random.value($0) } }
    let keys = try Self.encode(records, types: types).keys
    for a in records.indices {
      for b in records.indices {
        let order = keys.compare(a, keys, b)
        let bytesPrecede = keys.bytes(a).lexicographicallyPrecedes(keys.bytes(b))
        let context = "seed \(seed): \(types) \(records[a]) \(records[b])"
        #expect((order < 0) == Self.precedes(records[a], records[b]), "\(context)")
        #expect((order < 0) == bytesPrecede, "\(context)")
        #expect((order == 0) == (records[a] == records[b]), "\(context)")
      }
    }
  }

  @Test("a key decodes to the record it was made of", arguments: 0..<60)
  func roundTrips(round: Int) throws {
    let seed = UInt64.random(in: 0...UInt64.max)
    var random = SplitMix64(seed: seed)
    let types = (0..<random.int(1...4)).map { _ in random.identifierType() }
    let records = (0..<30).map { _ in types.map { random.value($0) } }
    let keys = try Self.encode(records, types: types).keys
    let layout = KeyLayout(components: types)
    for (row, record) in records.enumerated() {
      #expect(try layout.decode(keys.bytes(row)) == record, "seed \(seed): \(types)")
    }
    #expect((keys.heap == nil) == layout.isSingleWord)
  }

  @Test("prefixes are the first eight bytes, padded with zeros")
  func prefixes() throws {
    let records: [[Value]] = [
      [.text("")], [.text("abc")], [.text("abcdefgh")], [.text("abcdefghi")],
    ]
    let keys = try Self.encode(records, types: [.utf8]).keys
    let expected: [UInt64] = [
      0, 0x6162_6300_0000_0000, 0x6162_6364_6566_6768, 0x6162_6364_6566_6768,
    ]
    #expect(keys.prefixes.array(of: UInt64.self) == expected)
  }

  @Test("zero bytes are escaped, so that no key is the start of another's component")
  func escapes() throws {
    let parts: [[UInt8]] = [
      [], [0], [0, 0], [0, 0xFF], [0xFF], [0xFF, 0], [0, 1], [1], [1, 0], [0, 0, 0xFF],
      [0xFF, 0xFF],
    ]
    let records = parts.flatMap { a in parts.map { [Value.bytes(a), .bytes($0)] } }
    let types: [DataType] = [.binary, .binary]
    let keys = try Self.encode(records, types: types).keys
    #expect(Set(records.indices.map { keys.bytes($0) }).count == records.count)
    let byKey = records.indices.sorted { keys.compare($0, keys, $1) < 0 }.map { records[$0] }
    #expect(byKey == records.sorted(by: Self.precedes))
    for row in records.indices {
      #expect(try KeyLayout(components: types).decode(keys.bytes(row)) == records[row])
    }
  }

  @Test("the bytes are those of the specification")
  func bytes() throws {
    #expect(
      try Self.encode([[.integer(-1)]], types: [.int8]).keys.bytes(0)
        == [0x7F, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF])
    #expect(
      try Self.encode([[.integer(258)]], types: [.uint64]).keys.bytes(0)
        == [0, 0, 0, 0, 0, 0, 1, 2])
    #expect(
      try Self.encode([[.integer(258)]], types: [.uint32]).keys.bytes(0)
        == [0x80, 0, 0, 0, 0, 0, 1, 2])
    #expect(try Self.encode([[.bool(true)]], types: [.bool]).keys.bytes(0) == [1])
    #expect(
      try Self.encode([[.bytes([0x61, 0, 0x62]), .bool(false)]], types: [.binary, .bool])
        .keys.bytes(0) == [0x61, 0, 0xFF, 0x62, 0, 0, 0])
  }

  @Test("labels of other widths, signs and units compare by value (rule L2)", arguments: 0..<60)
  func byValue(round: Int) throws {
    let seed = UInt64.random(in: 0...UInt64.max)
    var random = SplitMix64(seed: seed)
    let types = (0..<random.int(1...3)).map { _ in random.identifierType() }
    let sources = types.map { random.comparableType($0) }
    let records = (0..<25).map { _ in types.map { random.value($0) } }
    let labels = (0..<25).map { _ in sources.map { random.value($0, nullOneIn: 10) } }
    let recordKeys = try Self.encode(records, types: types).keys
    let encoded = try Self.encode(labels, types: sources, as: types)
    for (row, label) in labels.enumerated() {
      let isNull = label.contains(.null)
      #expect(Self.isSet(encoded.nullRows, row) == isNull, "seed \(seed)")
      guard !isNull else { continue }
      let isAbsent = Self.isSet(encoded.absentRows, row)
      let value = ReferenceKey(label, types: sources)
      for (other, record) in records.enumerated() {
        let matches = !isAbsent && encoded.keys.compare(row, recordKeys, other) == 0
        let expected = ReferenceKey(record, types: types) == value
        #expect(matches == expected, "seed \(seed): \(sources) \(label), \(types) \(record)")
      }
    }
  }

  @Test("widening an integer identifier changes no key")
  func widening() throws {
    let records: [[Value]] = [[.integer(-5)], [.integer(0)], [.integer(127)]]
    let narrow = try Self.encode(records, types: [.int8]).keys
    for type in [DataType.int16, .int32, .int64] {
      let wide = try Self.encode(records, types: [type]).keys
      for row in records.indices { #expect(wide.bytes(row) == narrow.bytes(row)) }
    }
  }

  @Test("values that no record can have are absent, not wrapped")
  func absent() throws {
    func absentRows(_ values: [Int128], _ source: DataType, _ target: DataType) throws -> [Int] {
      let encoded = try Self.encode(
        values.map { [.integer($0)] }, types: [source], as: [target])
      return values.indices.filter { Self.isSet(encoded.absentRows, $0) }
    }
    #expect(try absentRows([-1, 0, 255, 256], .int64, .uint8) == [0, 3])
    #expect(try absentRows([-129, -128, 127, 128], .int32, .int8) == [0, 3])
    #expect(try absentRows([-1, 0, Int128(Int64.max)], .int64, .uint64) == [0])
    #expect(try absentRows([0, Int128(Int64.max), Int128(UInt64.max)], .uint64, .int64) == [2])
    let seconds = DataType.timestamp(.second, zone: nil)
    let milliseconds = DataType.timestamp(.millisecond, zone: "UTC")
    #expect(try absentRows([-1_000, 0, 1, 999, 2_000], milliseconds, seconds) == [2, 3])
    #expect(try absentRows([0, Int128(Int64.max)], seconds, milliseconds) == [1])
  }

  @Test("pairs that do not compare are refused, with the column's name and advice")
  func refusals() {
    let pairs: [(DataType, DataType)] = [
      (.utf8, .int64), (.int64, .utf8), (.float64, .int64), (.float32, .int8), (.bool, .int8),
      (.date, .timestamp(.second, zone: nil)), (.timestamp(.second, zone: nil), .date),
      (.date, .int32), (.utf8, .binary), (.binary, .utf8), (.list(.int8), .int8),
      (.decimal128(precision: 10, scale: 0), .int64), (.timestamp(.second, zone: nil), .int64),
    ]
    for (source, target) in pairs {
      let error = #expect(throws: HindcastError.self) {
        try KeyEncoder(
          layout: KeyLayout(components: [target]), sources: [source], names: ["plane"])
      }
      #expect(error?.code == .typeMismatch)
      #expect(error?.location?.column == "plane")
    }
  }
}

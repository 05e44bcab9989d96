public import HindcastCore

extension SplitMix64 {
  /// A type that may identify records.
  public mutating func identifierType() -> DataType {
    switch int(0...13) {
    case 0: .int8
    case 1: .int16
    case 2: .int32
    case 3: .int64
    case 4: .uint8
    case 5: .uint16
    case 6: .uint32
    case 7: .uint64
    case 8, 9: .utf8
    case 10: .binary
    case 11: .bool
    case 12: .date
    default: .timestamp(pick(TimeUnit.allCases), zone: pick([nil, "UTC", "Europe/Berlin"]))
    }
  }

  /// A type whose values compare with those of `type` (rule L2), often another one.
  public mutating func comparableType(_ type: DataType) -> DataType {
    switch type {
    case .timestamp: .timestamp(pick(TimeUnit.allCases), zone: pick([nil, "Asia/Tokyo"]))
    case _ where type.isInteger:
      pick([.int8, .int16, .int32, .int64, .uint8, .uint16, .uint32, .uint64])
    default: type
    }
  }

  /// A type that a feature may have.
  public mutating func featureType() -> DataType {
    switch int(0...9) {
    case 0: .float32
    case 1, 2: .float64
    case 3: .decimal128(precision: 38, scale: int(0...10))
    case 4: .list(scalarType())
    case 5: .set(pick([.int64, .utf8, .date, .uint8]))
    case 6: .vector(dimension: int(1...5))
    default: scalarType()
    }
  }

  private mutating func scalarType() -> DataType {
    oneIn(4) ? .float64 : identifierType()
  }

  /// A value of `type`, seldom null, often at the edges of its range.
  public mutating func value(_ type: DataType, nullOneIn: Int? = nil) -> Value {
    if let nullOneIn, oneIn(nullOneIn) { return .null }
    switch type {
    case .bool: return .bool(oneIn(2))
    case .float32:
      return .float32(
        pick([0, 0x8000_0000, 1, 0x7FC0_0001, UInt32.random(in: 0...UInt32.max, using: &self)]))
    case .float64: return float64()
    case .utf8: return .text(text())
    case .binary: return .bytes((0..<int(0...10)).map { _ in pick([0, 0xFF, 1, 0x41]) })
    case .decimal128: return decimal()
    case .list(let element):
      return .list((0..<int(0...4)).map { _ in value(element, nullOneIn: 4) })
    case .set(let element): return set(of: element)
    case .vector(let dimension):
      return .list((0..<dimension).map { _ in .float(Float(int(-50...50)) / 4) })
    default:
      let (low, high) = Self.range(type)
      return .integer(Int128(integer(low, high)))
    }
  }

  private mutating func float64() -> Value {
    let payload = next() & 0x7_FFFF_FFFF_FFFF | 0x7FF8_0000_0000_0000
    return .float64(
      pick([0, 1 << 63, 1, payload, Double(int(-1_000...1_000)).bitPattern, next()]))
  }

  private mutating func decimal() -> Value {
    let largest: Int128 = 99_999_999_999_999_999_999_999_999_999_999_999_999
    return .integer(pick([0, 1, -1, largest, -largest, Int128(int(-100_000...100_000))]))
  }

  private mutating func text() -> String {
    let letters = ["a", "b", "B", " ", "é", "e\u{301}", "\u{0}", "日", "🦊", "1", "\u{7F}"]
    return (0..<int(0...9)).map { _ in pick(letters) }.joined()
  }

  private mutating func set(of element: DataType) -> Value {
    let elements = Set((0..<int(0...5)).map { _ in value(element) })
    return .list(elements.sorted(by: Self.precedes))
  }

  private static func precedes(_ a: Value, _ b: Value) -> Bool {
    switch (a, b) {
    case (.integer(let x), .integer(let y)): x < y
    case (.bytes(let x), .bytes(let y)): x.lexicographicallyPrecedes(y)
    default: false
    }
  }

  private mutating func integer(_ low: Int128, _ high: Int128) -> Int128 {
    let edges = [low, high, 0, 1, 2, 3, 100, low + 1, high - 1, max(low, -1), max(low, -2)]
    return oneIn(2) ? pick(edges) : Int128.random(in: low...high, using: &self)
  }

  /// The smallest and largest value of an integer-like type.
  public static func range(_ type: DataType) -> (low: Int128, high: Int128) {
    switch type {
    case .int8: (Int128(Int8.min), Int128(Int8.max))
    case .int16: (Int128(Int16.min), Int128(Int16.max))
    case .int32, .date: (Int128(Int32.min), Int128(Int32.max))
    case .uint8: (0, Int128(UInt8.max))
    case .uint16: (0, Int128(UInt16.max))
    case .uint32: (0, Int128(UInt32.max))
    case .uint64: (0, Int128(UInt64.max))
    default: (Int128(Int64.min), Int128(Int64.max))
    }
  }
}

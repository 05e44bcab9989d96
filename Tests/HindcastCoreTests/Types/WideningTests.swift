import HindcastCore
import HindcastTestKit
import Testing

@Suite("Widening")
struct WideningTests {
  private static let integers: [DataType] = [
    .int8, .int16, .int32, .int64, .uint8, .uint16, .uint32, .uint64,
  ]

  @Test("integers widen exactly where the range is inside the other's")
  func ranges() {
    for narrow in Self.integers {
      let (low, high) = SplitMix64.range(narrow)
      for wide in Self.integers {
        let range = SplitMix64.range(wide)
        #expect(narrow.widens(to: wide) == (range.low <= low && high <= range.high))
      }
    }
  }

  @Test("other types widen to nothing but float64, more digits, or themselves")
  func others() {
    #expect(DataType.float32.widens(to: .float64) && !DataType.float64.widens(to: .float32))
    #expect(!DataType.int8.widens(to: .float32) && !DataType.float32.widens(to: .int64))
    let decimal = DataType.decimal128(precision: 5, scale: 2)
    #expect(decimal.widens(to: .decimal128(precision: 6, scale: 2)))
    #expect(!decimal.widens(to: .decimal128(precision: 6, scale: 3)))
    #expect(!decimal.widens(to: .decimal128(precision: 4, scale: 2)))
    #expect(!DataType.date.widens(to: .timestamp(.second, zone: nil)))
    #expect(!DataType.list(.int8).widens(to: .list(.int16)))
    #expect(!DataType.utf8.widens(to: .binary) && DataType.utf8.widens(to: .utf8))
    #expect(!DataType.date.widens(to: .int32) && !DataType.int32.widens(to: .date))
  }

  @Test("every value is kept, nulls too")
  func values() throws {
    let seed = UInt64.random(in: 0...UInt64.max)
    var random = SplitMix64(seed: seed)
    for narrow in Self.integers {
      let cells = (0..<70).map { _ in random.value(narrow, nullOneIn: 5) }
      let column = try Column(type: narrow, values: cells)
      for wide in Self.integers where narrow.widens(to: wide) {
        let widened = column.widened(to: wide)
        #expect(widened.type == wide && widened.values == cells, "seed \(seed)")
      }
    }
  }

  @Test("floats keep their bits, signalling NaNs, signs and subnormals too")
  func floats() throws {
    let bits: [UInt32] = [
      0, 0x8000_0000, 1, 0x3DCC_CCCD, 0x7F80_0000, 0xFF80_0000, 0x7F80_0001, 0xFFC0_1234,
    ]
    let wide: [UInt64] = [
      0, 0x8000_0000_0000_0000, 0x36A0_0000_0000_0000, 0x3FB9_9999_A000_0000,
      0x7FF0_0000_0000_0000, 0xFFF0_0000_0000_0000, 0x7FF0_0000_2000_0000, 0xFFF8_0246_8000_0000,
    ]
    let column = Column(type: .float32, bits).widened(to: .float64)
    #expect(column.fixed.array(of: UInt64.self) == wide)
    #expect(bits.map { Value.float32($0).widened(to: .float64) } == wide.map { .float64($0) })
  }

  @Test("a value is of a type or it is not")
  func validity() {
    #expect(Value.integer(127).isValue(of: .int8) && !Value.integer(128).isValue(of: .int8))
    #expect(!Value.integer(-1).isValue(of: .uint64) && !Value.null.isValue(of: .int8))
    let decimal = DataType.decimal128(precision: 3, scale: 1)
    #expect(Value.integer(-999).isValue(of: decimal) && !Value.integer(1000).isValue(of: decimal))
    #expect(!Value.bytes([0xFF]).isValue(of: .utf8) && Value.bytes([0xFF]).isValue(of: .binary))
    #expect(Value.list([.null]).isValue(of: .list(.bool)))
    #expect(!Value.list([.null]).isValue(of: .set(.bool)))
    #expect(!Value.list([.integer(1), .integer(1)]).isValue(of: .set(.int8)))
    #expect(!Value.list([.float(1)]).isValue(of: .vector(dimension: 2)))
    #expect(!Value.double(1).isValue(of: .float32) && !Value.bool(true).isValue(of: .int8))
  }
}

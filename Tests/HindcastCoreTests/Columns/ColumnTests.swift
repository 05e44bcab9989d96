import HindcastCore
import HindcastTestKit
import Testing

@Suite("Columns")
struct ColumnTests {
  @Test("random cells of every type come back bit for bit (rule D3)", arguments: DataTypeTests.all)
  func roundTrips(type: DataType) throws {
    let seed = UInt64.random(in: 0...UInt64.max)
    var random = SplitMix64(seed: seed)
    if case .set(let element) = type, element.layout == .fixed(byteWidth: 16) { return }
    if case .vector(let dimension) = type, dimension > 100 { return }
    for count in [0, 1, 8, 9, 40] {
      let cells = (0..<count).map { _ in random.value(type, nullOneIn: 4) }
      let column = try Column(type: type, values: cells)
      #expect(column.values == cells, "seed \(seed)")
      #expect(column.count == count)
      #expect(column.nullCount == cells.count { $0 == .null })
      #expect((column.validity == nil) == !cells.contains(.null), "no nulls, no bitmap")
    }
  }

  @Test("NaN payloads, negative zero and subnormals are kept")
  func floats() throws {
    let bits: [UInt64] = [0x7FF0_0000_0000_0001, 0xFFF8_0000_DEAD_BEEF, 1 << 63, 1]
    let column = try Column(type: .float64, values: bits.map { .float64($0) })
    #expect(column.fixed.array(of: UInt64.self) == bits)
  }

  @Test(
    "values of another type or out of range are refused",
    arguments: [
      (.int8, .integer(128)), (.int8, .integer(-129)), (.uint8, .integer(-1)),
      (.uint8, .integer(256)), (.int16, .integer(32_768)), (.uint16, .integer(65_536)),
      (.int32, .integer(1 << 31)), (.date, .integer(1 << 31)), (.uint32, .integer(1 << 32)),
      (.int64, .integer(1 << 63)), (.uint64, .integer(1 << 64)), (.uint64, .integer(-1)),
      (.timestamp(.second, zone: nil), .integer(1 << 63)), (.int8, .bool(true)),
      (.bool, .integer(1)), (.float32, .float64(0)), (.float64, .float32(0)),
      (.float64, .integer(1)), (.utf8, .integer(1)), (.binary, .list([])),
      (.list(.int8), .bytes([1])), (.list(.int8), .list([.integer(1_000)])),
      (.vector(dimension: 2), .list([.float(1)])),
      (.vector(dimension: 2), .list([.float(1), .null])),
      (.vector(dimension: 2), .list([.float(1), .double(1)])),
      (.vector(dimension: 2), .list([.float(1), .float(2), .float(3)])),
    ] as [(DataType, Value)])
  func refuses(type: DataType, value: Value) {
    let error = #expect(throws: HindcastError.self) { try Column(type: type, values: [value]) }
    #expect(error?.code == .invalidValue)
  }

  @Test("a refused value leaves a builder as it was")
  func survivesRefusals() throws {
    var vectors = ColumnBuilder(type: .vector(dimension: 2))
    var texts = ColumnBuilder(type: .utf8)
    let vector = Value.list([.float(1), .float(2)])
    for _ in 0..<10 {
      try vectors.append(vector)
      try texts.append(.text("ab"))
      #expect(throws: HindcastError.self) { try vectors.append(.list([.float(1), .null])) }
      #expect(throws: HindcastError.self) { try texts.append(.integer(1)) }
      try vectors.append(.null)
      try texts.append(.null)
    }
    let built = try vectors.finish().values
    #expect(built == (0..<20).map { $0 % 2 == 0 ? vector : .null })
    #expect(try texts.finish().values == (0..<20).map { $0 % 2 == 0 ? .text("ab") : .null })
  }

  @Test("lists hold nulls, empty is not null")
  func lists() throws {
    let cells: [Value] = [
      .list([]), .null, .list([.null]), .list([.integer(1), .null, .integer(2)]), .list([]),
    ]
    #expect(try Column(type: .list(.int64), values: cells).values == cells)
    let texts: [Value] = [.text(""), .null, .text("\u{0}")]
    #expect(try Column(type: .utf8, values: texts).values == texts)
  }

  @Test("the same memory reads as another type of equal layout")
  func reinterprets() {
    let column = Column(type: .int64, [1, 2, 3] as [Int64])
    let times = column.reinterpreted(as: .timestamp(.second, zone: "UTC"))
    #expect(times.values == column.values)
    #expect(times.type == .timestamp(.second, zone: "UTC"))
  }
}

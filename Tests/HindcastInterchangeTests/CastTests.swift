import HindcastCore
import HindcastInterchange
import Testing

@Suite("Casts") struct CastTests {
  private func text(_ cells: [String?]) throws -> Column {
    try Column(type: .utf8, values: cells.map { $0.map { .text($0) } ?? .null })
  }

  /// Casts text cells one by one; nil where the cell was refused.
  private func cast(
    _ cells: [String?], to type: DataType, unit: TimeUnit? = nil
  ) throws -> [Value] {
    var problems = CellProblems(file: "f.csv")
    problems.startBatch(firstRow: 100)
    let column = try text(cells).cast(
      to: type, named: "c", options: CastOptions(integerUnit: unit, isTextSource: true),
      problems: &problems)
    #expect(column.type == type)
    #expect(problems.reasonByBatchRow.count == problems.count)
    for problem in problems.first { #expect(column[problem.row - 101] == .null) }
    return column.values
  }

  @Test func integers() throws {
    #expect(
      try cast(
        ["0", "-128", "127", "128", "-129", "", " 1", "+1", "1.0", "00123", nil, "-"], to: .int8)
        == [
          .integer(0), .integer(-128), .integer(127), .null, .null, .null, .null, .null, .null,
          .integer(123), .null, .null,
        ])
    #expect(
      try cast(
        [
          "9223372036854775807", "-9223372036854775808", "9223372036854775808",
          "99999999999999999999",
        ],
        to: .int64)
        == [.integer(Int128(Int64.max)), .integer(Int128(Int64.min)), .null, .null])
    #expect(
      try cast(["18446744073709551615", "18446744073709551616", "-0", "-1"], to: .uint64)
        == [.integer(Int128(UInt64.max)), .null, .integer(0), .null])
  }

  @Test func floats() throws {
    let cells = [
      "0.1", "-0.0", "1e22", "1e23", "123456789012345678901234567890", "5e-324",
      "1.7976931348623157e308",
      "0.30000000000000004", "1.", ".5", "9007199254740993", "8.5e-310",
    ]
    #expect(
      try cast(cells, to: .float64)
        == cells.map { .double(Double($0) ?? (Double("0" + $0) ?? (Double($0 + "0") ?? .nan))) })
    #expect(
      try cast(["1e400", "1,5", "0x10", "", "+1", "1 "], to: .float64).allSatisfy { $0 == .null })
    #expect(
      try cast(["NaN", "inf", "-Infinity"], to: .float64) == [
        .double(.nan), .double(.infinity), .double(-.infinity),
      ])
    let halfway = "1.00000005960464477539062500000000000000000000000001"
    #expect(
      try cast(["0.1", "16777217", halfway, "3.4028235e38", "3.5e38"], to: .float32)
        == [
          .float(0.1), .float(16_777_216), .float(Float(1).nextUp),
          .float(.greatestFiniteMagnitude), .null,
        ])
  }

  @Test("random doubles come back from their text")
  func randomFloats() throws {
    let seed = UInt64.random(in: .min ... .max)
    var generator = SplitMix(seed)
    let numbers = (0..<20_000).map { _ in
      Double(bitPattern: UInt64.random(in: .min ... .max, using: &generator))
    }.filter(\.isFinite)
    let short = (0..<20_000).map { _ in
      Double(Int.random(in: -99_999...99_999, using: &generator)) / 1000
    }
    for number in numbers + short {
      let back = try cast([number.description], to: .float64)
      #expect(back == [.double(number)], "seed \(seed)")
    }
  }

  @Test func flags() throws {
    #expect(
      try cast(["true", "F", "1", "0", "TRUE", "yes", "", nil], to: .bool)
        == [.bool(true), .bool(false), .bool(true), .bool(false), .bool(true), .null, .null, .null])
  }

  @Test func times() throws {
    let cells = [
      "1970-01-01T00:00:00Z", "1969-12-31 23:59:59.999Z", "2024-02-29", "2024-02-30",
      "2024-01-01T00:00:00",
      "2024-01-01T24:00:00Z", "2024-01-01T23:59:60Z", "2024-01-01T02:00:00+02:00",
      "2024-01-01T00:00Z",
      "2024-01-01T00:00:00.0001Z", "0000-01-01T00:00:00Z", "9999-12-31T23:59:59.999000Z", "12", "x",
    ]
    #expect(
      try cast(cells, to: .timestamp(.millisecond, zone: "UTC"))
        == [
          .integer(0), .integer(-1), .integer(1_709_164_800_000), .null, .null, .null, .null,
          .integer(1_704_067_200_000), .integer(1_704_067_200_000), .null,
          .integer(-62_167_219_200_000), .integer(253_402_300_799_999), .null, .null,
        ])
    #expect(
      try cast(["12", "-5", "1.5"], to: .timestamp(.millisecond, zone: nil), unit: .second)
        == [.integer(12_000), .integer(-5_000), .null])
    #expect(try cast(["12001"], to: .timestamp(.second, zone: nil), unit: .millisecond) == [.null])
    #expect(
      try cast(
        [
          "1677-09-21T00:12:43.145224192Z", "1677-09-21T00:12:43.145224191Z",
          "2262-04-11T23:47:16.854775807Z",
        ],
        to: .timestamp(.nanosecond, zone: nil))
        == [.integer(Int128(Int64.min)), .null, .integer(Int128(Int64.max))])
    #expect(try cast(["1872-11-30", "2024-1-1"], to: .date) == [.integer(-35_460), .null])
  }

  @Test("every day of four centuries, fast path against slow")
  func days() throws {
    for day in stride(from: -150_000, to: 150_000, by: 7) {
      let date = CivilDate(daysSince1970: day).description
      #expect(try cast([date], to: .date) == [.integer(Int128(day))])
    }
  }

  @Test func decimals() throws {
    let type = DataType.decimal128(precision: 5, scale: 2)
    #expect(
      try cast(
        ["1.25", "-1", "999.99", "1000", "1.250", "1.255", "1e2", "12e-1", "x", "0"], to: type)
        == [
          .integer(125), .integer(-100), .integer(99_999), .null, .integer(125), .null,
          .integer(10_000), .integer(120), .null, .integer(0),
        ])
    let wide = String(repeating: "9", count: 38)
    #expect(
      try cast([wide, "-" + wide, wide + "0"], to: .decimal128(precision: 38, scale: 0))
        == [.integer(Int128(wide) ?? 0), .integer(Int128("-" + wide) ?? 0), .null])
    let long = "12345678901234567890.5e"
    #expect(
      try cast(
        [long + "-9223372036854775808", long + "9223372036854775807", long + "1", "1e2147483647"],
        to: .decimal128(precision: 38, scale: 2))
        == [.null, .null, .integer(12_345_678_901_234_567_890_500), .null])
  }

  @Test func nested() throws {
    #expect(
      try cast(["[1, 2,null]", "[]", "[1,\"x\"]", "[[1]]", "nothing", nil], to: .list(.int32))
        == [.list([.integer(1), .integer(2), .null]), .list([]), .null, .null, .null, .null])
    #expect(
      try cast(
        ["[\"b\", \"a\", \"b\"]", "[\"a\", null]", "[\"\\u00e9\\n\\ud83d\\ude00\"]"],
        to: .set(.utf8))
        == [.list([.text("a"), .text("b")]), .null, .list([.text("é\n😀")])])
    #expect(
      try cast(["[1, 2.5]", "[1]", "[1, null]", "[\"NaN\", 0]"], to: .vector(dimension: 2))[..<3]
        == [.list([.float(1), .float(2.5)]), .null, .null])
    #expect(
      try cast(["AAH/", "", "A", "AA==", "AA=A"], to: .binary)
        == [.bytes([0, 1, 255]), .bytes([]), .null, .bytes([0]), .null])
  }

  @Test func numbers() throws {
    func cast(_ column: Column, _ type: DataType, unit: TimeUnit? = nil) throws -> [Value] {
      var problems = CellProblems()
      return try column.cast(
        to: type, named: "c", options: CastOptions(integerUnit: unit), problems: &problems
      ).values
    }
    let ints = try Column(type: .int64, values: [.integer(300), .null, .integer(-1), .integer(1)])
    #expect(try cast(ints, .uint8) == [.null, .null, .null, .integer(1)])
    #expect(try cast(ints, .bool) == [.null, .null, .null, .bool(true)])
    #expect(try cast(ints, .float32) == [.float(300), .null, .float(-1), .float(1)])
    #expect(try cast(Column(type: .int64, [(1 << 53) + 1 as Int64]), .float64) == [.null])
    #expect(
      try cast(ints, .timestamp(.microsecond, zone: nil), unit: .second)[0] == .integer(300_000_000)
    )
    let times = Column(
      type: .timestamp(.nanosecond, zone: nil), [1_000_000 as Int64, 1, -2_000_000, .min])
    #expect(
      try cast(times, .timestamp(.millisecond, zone: "UTC"))
        == [.integer(1), .null, .integer(-2), .null])
    #expect(
      try cast(
        Column(type: .timestamp(.second, zone: nil), [Int64.max, 1]),
        .timestamp(.nanosecond, zone: nil))
        == [.null, .integer(1_000_000_000)])
    #expect(
      try cast(Column(type: .date, [Int32(1)]), .timestamp(.second, zone: nil)) == [
        .integer(86_400)
      ])
  }

  @Test("pairs that do not go together are refused before any work")
  func refusals() throws {
    func code(_ from: DataType, _ to: DataType, isText: Bool = false) -> HindcastError.Code? {
      do throws(HindcastError) {
        try from.checkCast(to: to, named: "c", options: CastOptions(isTextSource: isText))
        return nil
      } catch { return error.code }
    }
    #expect(code(.float64, .timestamp(.second, zone: nil)) == .typeMismatch)
    #expect(code(.int64, .timestamp(.second, zone: nil)) == .typeMismatch)
    #expect(code(.float64, .int64) == .typeMismatch)
    #expect(code(.utf8, .int64) == .typeMismatch)
    #expect(code(.utf8, .int64, isText: true) == nil)
    #expect(code(.utf8, .timestamp(.second, zone: nil)) == nil)
    #expect(code(.int64, .utf8) == .typeMismatch)
    #expect(code(.list(.utf8), .list(.int8)) == .typeMismatch)
    #expect(code(.list(.float32), .vector(dimension: 3)) == nil)
    #expect(code(.utf8, .binary) == .typeMismatch)
  }

  @Test("the error names file, row, column, value and reason of the first ten")
  func message() throws {
    var problems = CellProblems(file: "f.csv")
    problems.startBatch(firstRow: 5)
    _ = try text(Array(repeating: "x", count: 12)).cast(
      to: .int8, named: "age", options: CastOptions(isTextSource: true), problems: &problems)
    let error = try #require(problems.error)
    #expect(error.description.hasPrefix("f.csv: 12 values can't be taken:"))
    #expect(error.message.contains("row 6, column \"age\": 'x' is not a whole number"))
    #expect(error.message.contains("and 2 more"))
  }
}

/// A small generator whose seed can be printed.
struct SplitMix: RandomNumberGenerator {
  private var state: UInt64
  init(_ seed: UInt64) { state = seed }
  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }
}

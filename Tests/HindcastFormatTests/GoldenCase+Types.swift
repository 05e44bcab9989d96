import HindcastCore

private func integers(_ numbers: [Int128?]) -> [Value] {
  numbers.map { $0.map { .integer($0) } ?? .null }
}

private func texts(_ texts: [String?]) -> [Value] { texts.map { $0.map { .text($0) } ?? .null } }

private func range<T: FixedWidthInteger>(_: T.Type) -> [Value] {
  let numbers = [T.min, T.max, 0, 1, T.max - 1, T.min + 1, 0]
  return numbers.map { .integer(Int128($0)) } + [.null]
}

extension GoldenCase {
  /// One file, or column, a type.
  static var types: [GoldenCase] {
    [
      typesIntegers, typesFloats, typesBytes, typesTimes, typesDecimals, typesLists, typesSets,
      typesVectors,
    ]
  }

  private static var typesIntegers: GoldenCase {
    GoldenCase(
      "types-integers",
      columns: [
        ("a", .int8, range(Int8.self)), ("b", .int16, range(Int16.self)),
        ("c", .int32, range(Int32.self)), ("d", .int64, range(Int64.self)),
        ("e", .uint8, range(UInt8.self)), ("f", .uint16, range(UInt16.self)),
        ("g", .uint32, range(UInt32.self)), ("h", .uint64, range(UInt64.self)),
        ("i", .bool, (0..<7).map { .bool($0 % 3 == 1) } + [.null]),
      ])
  }

  private static var typesFloats: GoldenCase {
    let singles: [UInt32] = [
      0, 0x8000_0000, 0x7FC0_0001, 0xFFC0_0000, 0x7F80_0001, 0x7F80_0000, 0x0000_0001, 0x3F80_0000,
    ]
    let doubles: [UInt64] = [
      0, 0x8000_0000_0000_0000, 0x7FF8_0000_0000_0001, 0xFFF8_0000_0000_0000,
      0x7FF0_0000_0000_0001, 0x7FF0_0000_0000_0000, 0x0000_0000_0000_0001, 0x3FF0_0000_0000_0000,
    ]
    return GoldenCase(
      "types-floats",
      columns: [
        ("single", .float32, singles.map { .float32($0) } + [.null]),
        ("double", .float64, doubles.map { .float64($0) } + [.null]),
        ("price", .float64, (0..<9).map { .double(Double($0 * 125) / 100) }),
      ])
  }

  private static var typesBytes: GoldenCase {
    GoldenCase(
      "types-bytes",
      columns: [
        (
          "text", .utf8, texts(["", "a", "zero\u{0}byte", "é\u{65}\u{301}", "🙂\"\\\n", nil, " a "])
        ),
        (
          "binary", .binary,
          [
            .bytes([]), .bytes([0]), .bytes([0xFF, 0xFE, 0]), .null, .bytes(Array(0...63)),
            .bytes([0x80]), .bytes([]),
          ]
        ),
      ])
  }

  private static var typesTimes: GoldenCase {
    let ticks: [Int128?] = [
      0, -1, 1_700_000_000, Int128(Int64.min), Int128(Int64.max), nil, -62_135_596_800,
    ]
    let days: [Int128?] = [0, -1, 19_000, -719_528, 2_932_896, nil, Int128(Int32.min)]
    return GoldenCase(
      "types-times",
      columns: [
        ("day", .date, integers(days)),
        ("s", .timestamp(.second, zone: nil), integers(ticks)),
        ("ms", .timestamp(.millisecond, zone: "UTC"), integers(ticks)),
        ("us", .timestamp(.microsecond, zone: "Europe/Berlin"), integers(ticks)),
        ("ns", .timestamp(.nanosecond, zone: "+05:30"), integers(ticks)),
        ("empty", .timestamp(.nanosecond, zone: ""), integers(ticks)),
      ])
  }

  private static var typesDecimals: GoldenCase {
    let nines = Int128("99999999999999999999999999999999999999") ?? 0
    return GoldenCase(
      "types-decimals",
      columns: [
        (
          "money", .decimal128(precision: 12, scale: 2), integers([0, 1, -1, 999_999_999_999, nil])
        ),
        ("huge", .decimal128(precision: 38, scale: 0), integers([nines, -nines, 0, nil, 1])),
        ("tiny", .decimal128(precision: 38, scale: 38), integers([nines, nil, nil, 7, -7])),
        ("tens", .decimal128(precision: 5, scale: -3), integers([12, 12, 12, 12, 12])),
      ])
  }

  private static var typesLists: GoldenCase {
    GoldenCase(
      "types-lists",
      columns: [
        (
          "numbers", .list(.int32),
          [.list(integers([1, nil, -3])), .list([]), .null, .list(integers([nil])), .list([])]
        ),
        (
          "texts", .list(.utf8),
          [.list(texts(["a", "", nil, "a"])), .null, .list([]), .list(texts(["b"])), .list([])]
        ),
        (
          "bits", .list(.bool),
          [.list([.bool(true), .null]), .list([.bool(false)]), .list([]), .null, .list([])]
        ),
        (
          "floats", .list(.float64),
          [
            .list([.double(1.5), .float64(0x7FF8_0000_0000_00AB)]), .list([]), .list([]), .null,
            .null,
          ]
        ),
        ("empty", .list(.int64), Array(repeating: .list([]), count: 5)),
        ("absent", .list(.binary), Array(repeating: .null, count: 5)),
        (
          "money", .list(.decimal128(precision: 38, scale: 4)),
          [
            .list(integers([-1, 1])), .list([]), .list(integers([5])), .null,
            .list(integers([nil])),
          ]
        ),
      ])
  }

  private static var typesSets: GoldenCase {
    GoldenCase(
      "types-sets",
      columns: [
        (
          "codes", .set(.int16),
          [.list(integers([-5, 0, 7])), .list([]), .null, .list(integers([7]))]
        ),
        (
          "tags", .set(.utf8),
          [.list(texts(["", "a", "ab", "b"])), .list([]), .list(texts(["x"])), .null]
        ),
        (
          "days", .set(.date), [.null, .null, .list(integers([-1, 1])), .list(integers([0]))]
        ),
      ])
  }

  private static var typesVectors: GoldenCase {
    func vector(_ numbers: [Float]) -> Value { .list(numbers.map { .float($0) }) }
    return GoldenCase(
      "types-vectors",
      columns: [
        (
          "embedding", .vector(dimension: 3),
          [vector([1, -0.0, .nan]), .null, vector([0, 0.5, -.infinity]), vector([1, 2, 3])]
        ),
        ("single", .vector(dimension: 1), [vector([1]), vector([2]), vector([3]), .null]),
        ("same", .vector(dimension: 2), Array(repeating: vector([0.25, 4]), count: 4)),
      ])
  }
}

import HindcastCore

/// Numbers without a pattern, the same everywhere.
private func scattered(_ count: Int, below limit: UInt64, seed: UInt64 = 1) -> [UInt64] {
  var state = seed
  return (0..<count).map { _ in
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return (state ^ state >> 29) % limit
  }
}

private func integers(_ count: Int, _ number: (Int) -> Int) -> [Value] {
  (0..<count).map { .integer(Int128(number($0))) }
}

extension GoldenCase {
  /// What the writer chooses among the encodings: each column says which.
  static var encodings: [GoldenCase] {
    [encodingsNumbers, encodingsBytes, encodingsBools, encodingsNulls, encodingsWide]
  }

  private static var encodingsNumbers: GoldenCase {
    let random = scattered(200, below: 1 << 62)
    let small = scattered(200, below: 1000, seed: 2)
    return GoldenCase(
      "encodings-numbers",
      columns: [
        ("constant", .int64, integers(200) { _ in -42 }),
        ("plain", .int64, integers(200) { Int(random[$0]) * ($0 % 2 == 0 ? 1 : -1) }),
        ("packed", .int32, integers(200) { Int(small[$0]) - 500 }),
        ("packed_wide", .uint64, integers(200) { 1 << 40 + Int(random[$0] >> 20) }),
        ("delta_constant", .int64, integers(200) { 1_000_000 - 250 * $0 }),
        ("delta_packed", .int64, integers(200) { $0 * $0 * 1000 + Int(small[$0]) }),
        ("run_length", .int16, integers(200) { [7, -7, 300, 0][$0 / 50] }),
        ("run_length_random", .int64, integers(200) { Int(random[$0 / 40]) }),
        ("dictionary", .int64, integers(200) { Int(random[Int(small[$0]) % 5]) }),
        (
          "dictionary_runs", .float64,
          (0..<200).map { .double([0.1, 0.7, 1e300][$0 / 8 % 3]) }
        ),
      ])
  }

  private static var encodingsBytes: GoldenCase {
    let random = scattered(120, below: 1 << 32, seed: 3)
    let cities = ["Oslo", "Lima", "Kyoto", "Accra", "La Paz"]
    return GoldenCase(
      "encodings-bytes", profile: "fast",
      columns: [
        ("constant", .utf8, (0..<120).map { _ in .text("always") }),
        ("constant_empty", .binary, (0..<120).map { _ in .bytes([]) }),
        ("plain", .utf8, (0..<120).map { .text(String(random[$0] >> ($0 % 24), radix: 16)) }),
        (
          "plain_one_length", .binary,
          (0..<120).map { row in
            .bytes((0..<4).map { UInt8(truncatingIfNeeded: random[row] >> (8 * $0)) })
          }
        ),
        ("dictionary", .utf8, (0..<120).map { .text(cities[Int(random[$0]) % 5]) }),
        ("dictionary_runs", .utf8, (0..<120).map { .text(cities[$0 / 24]) }),
      ])
  }

  private static var encodingsBools: GoldenCase {
    let random = scattered(150, below: 2, seed: 4)
    return GoldenCase(
      "encodings-bools",
      columns: [
        ("constant_true", .bool, (0..<150).map { _ in .bool(true) }),
        ("constant_false", .bool, (0..<150).map { _ in .bool(false) }),
        ("bitmap", .bool, (0..<150).map { .bool(random[$0] == 1) }),
        ("run_length", .bool, (0..<150).map { .bool($0 >= 100) }),
      ])
  }

  private static var encodingsNulls: GoldenCase {
    let random = scattered(150, below: 100, seed: 5)
    func some(_ value: (Int) -> Value) -> [Value] {
      (0..<150).map { random[$0] < 30 ? .null : value($0) }
    }
    return GoldenCase(
      "encodings-nulls",
      columns: [
        ("null", .int64, Array(repeating: .null, count: 150)),
        ("null_text", .utf8, Array(repeating: .null, count: 150)),
        ("null_vector", .vector(dimension: 4), Array(repeating: .null, count: 150)),
        ("bitmap_packed", .int32, some { .integer(Int128($0 * 7 % 64)) }),
        ("bitmap_constant", .int32, some { _ in .integer(5) }),
        ("runs_delta", .int64, (0..<150).map { $0 < 60 ? .null : .integer(Int128($0 * 10)) }),
        ("bitmap_text", .utf8, some { .text("t\($0 % 4)") }),
        ("bitmap_bool", .bool, some { .bool($0 % 3 == 0) }),
        ("bitmap_list", .list(.uint8), some { .list([.integer(Int128($0)), .null]) }),
        ("one_value", .float64, (0..<150).map { $0 == 75 ? .double(0.5) : .null }),
      ])
  }

  private static var encodingsWide: GoldenCase {
    let random = scattered(60, below: 1 << 60, seed: 6)
    let money = DataType.decimal128(precision: 38, scale: 6)
    return GoldenCase(
      "encodings-wide",
      columns: [
        ("constant", money, (0..<60).map { _ in .integer(-1) }),
        ("packed", money, (0..<60).map { .integer(Int128(random[$0] % 5000) - 2500) }),
        (
          "plain", money,
          (0..<60).map { .integer(Int128(random[$0]) << 60 * ($0 % 2 == 0 ? 1 : -1)) }
        ),
        ("dictionary", money, (0..<60).map { .integer([1 << 100, -7, 12][Int(random[$0]) % 3]) }),
      ])
  }
}

import HindcastCore
import Testing

extension GoldenCase {
  /// What is not about one column: keys, times, tombstones, pages, codecs.
  static var segments: [GoldenCase] {
    keys + [
      empty, oneRow, history, allCreatedNull, manyPages, manyRuns, fatRows, codec("balanced"),
      codec("fast"), codec("small"),
    ]
  }

  private static var keys: [GoldenCase] {
    func numbers(_ values: [Int128]) -> [[Value]] { values.map { [.integer($0)] } }
    let text = DataType.utf8
    return [
      GoldenCase("keys-int8", keys: [.int8], ids: numbers([-128, -1, 0, 1, 127])),
      GoldenCase(
        "keys-int64", keys: [.int64],
        ids: numbers([Int128(Int64.min), -1, 0, 1, Int128(Int64.max)])),
      GoldenCase("keys-uint32", keys: [.uint32], ids: numbers([0, 1, 4_294_967_295])),
      GoldenCase(
        "keys-uint64", keys: [.uint64],
        ids: numbers([0, 1, 1 << 63, Int128(UInt64.max)])),
      GoldenCase("keys-date", keys: [.date], ids: numbers([-719_528, -1, 0, 19_000])),
      GoldenCase(
        "keys-timestamp", keys: [.timestamp(.millisecond, zone: "UTC")],
        ids: numbers([-1, 0, 1_700_000_000_000])),
      GoldenCase("keys-bool", keys: [.bool], ids: [[.bool(false)], [.bool(true)]]),
      GoldenCase(
        "keys-text", keys: [text],
        ids: ["", "\u{0}", "\u{0}\u{0}", "a", "a\u{0}b", "ab", "b", "é"].map { [.text($0)] }),
      GoldenCase(
        "keys-binary", keys: [.binary],
        ids: [[], [0], [0, 0xFF], [0, 0xFF, 0], [1], [0xFF], [0xFF, 0xFF]].map { [.bytes($0)] }),
      GoldenCase(
        "keys-composite", keys: [text, .int32, .bool, .date],
        ids: [
          [.text(""), .integer(-1), .bool(false), .integer(0)],
          [.text("a"), .integer(-1), .bool(false), .integer(0)],
          [.text("a"), .integer(-1), .bool(true), .integer(-1)],
          [.text("a"), .integer(-1), .bool(true), .integer(3)],
          [.text("a"), .integer(5), .bool(false), .integer(3)],
          [.text("ab"), .integer(-9), .bool(true), .integer(3)],
        ]),
    ]
  }

  private static var empty: GoldenCase {
    GoldenCase(
      "empty", ids: [("id", .utf8)], features: [("x", .int64), ("y", .list(.utf8))],
      hasCreatedTime: true, hasTombstones: true, rows: [])
  }

  private static var oneRow: GoldenCase {
    GoldenCase(
      "one-row", ids: [("id", .int64)], features: [("x", .float64)], timeUnit: .nanosecond,
      rows: [Row(id: [.integer(7)], eventTime: -5, features: [.double(-0.0)])])
  }

  /// Several versions a record, ties, created times, tombstones.
  private static var history: GoldenCase {
    func row(
      _ id: String, _ time: Int64, _ known: Int64?, _ value: Int128?, deleted: Bool = false
    ) -> Row {
      Row(
        id: [.text(id)], eventTime: time, createdTime: known, isTombstone: deleted,
        features: [value.map { .integer($0) } ?? .null])
    }
    return GoldenCase(
      "history", ids: [("id", .utf8)], features: [("x", .int32)], timeUnit: .second,
      hasCreatedTime: true, hasTombstones: true,
      rows: [
        row("ann", -10, nil, 1), row("ann", -10, nil, 2), row("ann", -10, -20, 3),
        row("ann", -10, 5, 4), row("ann", -10, 5, nil, deleted: true), row("ann", 3, 4, 5),
        row("bob", 0, 0, 6), row("eve", -100, 100, nil, deleted: true), row("eve", 7, 8, 7),
        row("eve", Int64.max, Int64.max, 8), row("zoe", Int64.min, Int64.min, nil),
      ])
  }

  private static var allCreatedNull: GoldenCase {
    GoldenCase(
      "created-time-null", ids: [("id", .int32)], features: [], timeUnit: .millisecond,
      hasCreatedTime: true,
      rows: (0..<3).map { Row(id: [.integer(Int128($0))], eventTime: Int64($0), features: []) })
  }

  /// More than one page on both grids.
  private static var manyPages: GoldenCase {
    GoldenCase(
      "many-pages", ids: [("id", .int64)], features: [("x", .int32)], hasCreatedTime: true,
      hasTombstones: true,
      rows: (0..<2060).map { row in
        let record = row < 1000 ? row / 500 : row
        return Row(
          id: [.integer(Int128(record))], eventTime: Int64(row * 10),
          createdTime: row % 500 < 20 ? nil : Int64(row * 10 + 3), isTombstone: row == 2050,
          features: [row % 500 == 0 ? .null : .integer(Int128(row / 25))])
      })
  }

  /// Byte-string keys on more than one run page.
  private static var manyRuns: GoldenCase {
    GoldenCase(
      "many-runs", ids: [("id", .utf8)], features: [],
      rows: (0..<1030).map { row in
        let digits = String(row)
        let id = String(repeating: "0", count: 4 - digits.count) + digits
        return Row(id: [.text("k\(id)")], eventTime: Int64(row % 7), features: [])
      })
  }

  /// Values so large that a page holds few.
  private static var fatRows: GoldenCase {
    GoldenCase(
      "fat-rows",
      columns: [
        (
          "page", .utf8,
          (0..<10).map { row in
            .bytes((0..<5000).map { UInt8(97 + ($0 / 250 + row) % 26) })
          }
        ),
        (
          "embedding", .vector(dimension: 256),
          (0..<10).map { row in .list((0..<256).map { .float(Float(($0 / 64 + row) % 5)) }) }
        ),
      ])
  }

  /// Content that compresses: zstd, lz4, or zstd at a higher level.
  private static func codec(_ profile: String) -> GoldenCase {
    let words = ["credit", "utilisation", "balance", "statement", "month", "customer"]
    func sentence(_ row: Int) -> String {
      (0..<12).map { words[(row * 7 + $0 * $0) % 6] }.joined(separator: " ") + " \(row)"
    }
    return GoldenCase(
      "codec-\(profile)", profile: profile,
      columns: [
        ("text", .utf8, (0..<100).map { .text(sentence($0)) }),
        ("steps", .float64, (0..<100).map { .double(Double($0 * $0) * 0.125) }),
      ])
  }
}

extension GoldenCase {
  /// All cases that the engine's writer makes.
  static var all: [GoldenCase] { types + encodings + segments }
}

extension GoldenCase: CustomTestStringConvertible {
  var testDescription: String { name }
}

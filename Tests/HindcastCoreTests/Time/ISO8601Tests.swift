import HindcastCore
import Testing

@Suite("ISO 8601 times (rule T1)")
struct ISO8601Tests {
  @Test(
    "texts that name an instant",
    arguments: [
      ("1970-01-01", 0), ("1970-01-01T00:00Z", 0), ("1970-01-01t00:00:00z", 0),
      ("1970-01-01 00:00:01Z", 1_000_000_000), ("1969-12-31T23:59:59Z", -1_000_000_000),
      ("1970-01-01T00:00:00.000000001Z", 1), ("1970-01-01T00:00:00,5Z", 500_000_000),
      ("1970-01-01T00:00:00.1234567890000Z", 123_456_789),
      ("1970-01-01T02:00:00+02:00", 0), ("1970-01-01T02:00:00+02", 0),
      ("1970-01-01T05:30:00+0530", 0), ("1969-12-31T23:30:00-00:30", 0),
      ("1970-01-01T00:00:00-00:00", 0), ("2024-02-29T13:05:00Z", 1_709_211_900_000_000_000),
      ("2000-02-29", 951_782_400_000_000_000),
      ("0000-01-01T00:00:00Z", -62_167_219_200_000_000_000),
      ("0000-02-29", -62_162_121_600_000_000_000),
      ("9999-12-31T23:59:59.999999999Z", 253_402_300_799_999_999_999),
    ] as [(String, Int128)])
  func parses(text: String, nanoseconds: Int128) throws {
    #expect(try Instant(iso8601: text).nanoseconds == nanoseconds)
  }

  @Test(
    "texts that are refused",
    arguments: [
      "", "1970", "1970-01", "70-01-01", "1970-1-1", "19700101", "1970/01/01", " 1970-01-01",
      "1970-01-01 ", "1970-13-01", "1970-00-01", "1970-01-00", "1970-01-32", "1970-04-31",
      "1900-02-29", "2023-02-29", "10000-01-01", "-001-01-01", "+1970-01-01", "١٩٧٠-01-01",
      "1970-01-01T", "1970-01-01T00", "1970-01-01T0000Z", "1970-01-01T0:00Z",
      "1970-01-01T24:00Z", "1970-01-01T24:00:00Z", "1970-01-01T23:60Z", "1970-01-01T23:59:60Z",
      "1970-01-01T00:00:Z", "1970-01-01T00:00:0Z", "1970-01-01T00:00:00.Z",
      "1970-01-01T00:00:00.0000000001Z", "1970-01-01T00:00.5Z", "1970-01-01T00:00:00",
      "1970-01-01T00:00", "1970-01-01 00:00:00 Z", "1970-01-01T00:00:00ZZ",
      "1970-01-01T00:00:00Z ", "1970-01-01T00:00:00+", "1970-01-01T00:00:00+2",
      "1970-01-01T00:00:00+24:00", "1970-01-01T00:00:00+02:60", "1970-01-01T00:00:00+02:",
      "1970-01-01T00:00:00+02:0", "1970-01-01T00:00:00+02:000", "1970-01-01T00:00:00 UTC",
      "1970-01-01T00:00:00[UTC]", "1970-01-01_00:00:00Z", "1970-01-01\u{0}", "now",
    ])
  func refuses(text: String) {
    let error = #expect(throws: HindcastError.self) { try Instant(iso8601: text) }
    #expect(error?.code == .invalidValue)
    #expect(error?.message.contains("time '\(text)'") == true)
  }

  @Test("a time of day without an offset is told to add one")
  func namesTheMissingOffset() {
    let error = #expect(throws: HindcastError.self) {
      try Instant(iso8601: "2024-02-29T13:05:00")
    }
    #expect(error?.message.contains("add Z") == true)
  }

  @Test(
    "instants print as short as they can",
    arguments: [
      (0, "1970-01-01T00:00:00Z"), (1, "1970-01-01T00:00:00.000000001Z"),
      (-1, "1969-12-31T23:59:59.999999999Z"), (1_000, "1970-01-01T00:00:00.000001Z"),
      (500_000_000, "1970-01-01T00:00:00.500Z"), (-86_400_000_000_000, "1969-12-31T00:00:00Z"),
      (-62_167_219_200_000_000_000, "0000-01-01T00:00:00Z"),
      (-62_167_219_201_000_000_000, "-0001-12-31T23:59:59Z"),
      (253_402_300_800_000_000_000, "+10000-01-01T00:00:00Z"),
    ] as [(Int128, String)])
  func prints(nanoseconds: Int128, text: String) {
    #expect(Instant(nanoseconds: nanoseconds).iso8601 == text)
  }

  @Test("the ends of 64-bit seconds and of 128-bit nanoseconds print without a trap")
  func printsExtremes() {
    #expect(
      Instant(ticks: .max, unit: .second).iso8601 == "+292277026596-12-04T15:30:07Z")
    #expect(Instant(ticks: .min, unit: .second).iso8601.hasPrefix("-292277022657-01-27T08:29:52"))
    #expect(!Instant(nanoseconds: .max).iso8601.isEmpty)
    #expect(!Instant(nanoseconds: .min).iso8601.isEmpty)
  }

  @Test("what is printed parses back, over the years 0 to 9999")
  func roundTrips() throws {
    let seed = UInt64.random(in: 0...UInt64.max)
    var random = SeededGenerator(seed: seed)
    let range: ClosedRange<Int128> = -62_167_219_200_000_000_000...253_402_300_799_999_999_999
    for _ in 0..<2_000 {
      let step = Int128.random(in: 0...3, using: &random)
      let scale: Int128 = [1, 1_000, 1_000_000, 1_000_000_000][Int(step)]
      let instant = Instant(nanoseconds: Int128.random(in: range, using: &random) / scale * scale)
      #expect(try Instant(iso8601: instant.iso8601) == instant, "seed \(seed)")
    }
  }

  @Test("dates alone parse as such")
  func dates() {
    #expect(CivilDate(iso8601: "2024-02-29")?.daysSince1970 == 19_782)
    for text in ["2023-02-29", "2024-02-29T00:00Z", "2024-2-29", "", "2024-02-29 "] {
      #expect(CivilDate(iso8601: text) == nil, "\(text)")
    }
  }
}

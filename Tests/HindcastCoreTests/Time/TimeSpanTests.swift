import HindcastCore
import Testing

@Suite("Time spans, units and instants")
struct TimeSpanTests {
  @Test(
    "texts and their lengths",
    arguments: [
      ("5ns", 5, "5ns"), ("10us", 10_000, "10us"), ("250ms", 250_000_000, "250ms"),
      ("90s", 90_000_000_000, "90s"), ("15m", 900_000_000_000, "15m"),
      ("6h", 21_600_000_000_000, "6h"), ("30d", 2_592_000_000_000_000, "30d"),
      ("2w", 1_209_600_000_000_000, "14d"), ("0", 0, "0s"), ("0s", 0, "0s"), ("0w", 0, "0s"),
      ("60s", 60_000_000_000, "1m"), ("1500ms", 1_500_000_000, "1500ms"),
      ("-90s", -90_000_000_000, "-90s"), ("007s", 7_000_000_000, "7s"),
    ] as [(String, Int128, String)])
  func parses(text: String, nanoseconds: Int128, printed: String) throws {
    let span = try #require(TimeSpan(text))
    #expect(span.nanoseconds == nanoseconds)
    #expect(span.description == printed)
    #expect(TimeSpan(printed) == span)
  }

  @Test(
    "texts that are no span",
    arguments: [
      "", "5", "s", "-", "-s", "--5s", "5-s", "+5s", "5 s", " 5s", "5s ", "5S", "1.5h", "5y",
      "5min",
      "1h30m", "٥s", "99999999999999999999s",
    ])
  func refuses(text: String) {
    #expect(TimeSpan(text) == nil)
  }

  @Test("the longest span that parses is exact")
  func longest() {
    #expect(
      TimeSpan("9223372036854775807w")?.nanoseconds
        == Int128(Int64.max) * 604_800_000_000_000)
  }

  @Test("units print and parse, and order from coarse to fine")
  func units() {
    for unit in TimeUnit.allCases { #expect(TimeUnit(unit.description) == unit) }
    #expect(TimeUnit.allCases.map(\.description) == ["s", "ms", "us", "ns"])
    #expect(TimeUnit.allCases.sorted() == TimeUnit.allCases)
    #expect(TimeUnit("min") == nil)
    #expect(TimeUnit("S") == nil)
  }

  @Test("an instant has ticks of a unit only without a remainder (T2)")
  func exactTicks() {
    #expect(Instant(nanoseconds: 1_500_000_000).ticks(exactly: .second) == nil)
    #expect(Instant(nanoseconds: 1_500_000_000).ticks(exactly: .millisecond) == 1_500)
    #expect(Instant(nanoseconds: -1_500_000_000).ticks(exactly: .second) == nil)
    #expect(Instant(nanoseconds: -1_500_000_000).ticks(exactly: .millisecond) == -1_500)
    #expect(Instant(ticks: .max, unit: .second).ticks(exactly: .millisecond) == nil)
    #expect(Instant(ticks: .min, unit: .second).ticks(exactly: .second) == .min)
    #expect(Instant(ticks: .min, unit: .nanosecond).ticks(exactly: .nanosecond) == .min)
  }

  @Test("floor ticks round towards the past")
  func floorTicks() {
    #expect(Instant(nanoseconds: -1).floorTicks(.second) == -1)
    #expect(Instant(nanoseconds: -1_000_000_000).floorTicks(.second) == -1)
    #expect(Instant(nanoseconds: -1_000_000_001).floorTicks(.second) == -2)
    #expect(Instant(nanoseconds: 999_999_999).floorTicks(.second) == 0)
    #expect(
      Instant(ticks: .max, unit: .second).floorTicks(.nanosecond)
        == Int128(Int64.max) * 1_000_000_000)
  }

  @Test("arithmetic goes beyond 64 bits")
  func arithmetic() throws {
    let span = try #require(TimeSpan("9223372036854775807w"))
    let last = Instant(ticks: .max, unit: .second)
    #expect(last + span - span == last)
    #expect(last < last + span)
    #expect(Instant(ticks: 1, unit: .second) == Instant(ticks: 1_000, unit: .millisecond))
  }
}

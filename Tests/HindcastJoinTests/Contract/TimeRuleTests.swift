import HindcastCore
import HindcastReference
import HindcastTestKit
import Testing

@Suite("Contract: data and time")
struct TimeRuleTests {
  @Test("T2: mixed units compare as unbounded integers", arguments: Implementation.allCases)
  func mixedUnits(implementation: Implementation) throws {
    let story = Story(
      [version("a", at: 1), version("b", at: 2)], unit: .second, labelUnit: .millisecond)
    #expect(
      try story.ask(implementation, at: [999, 1_000, 1_001, 1_999, 2_000])
        == ["missing", "a", "a", "a", "b"])
    let fine = Story(
      [version("a", at: 999_999_999), version("b", at: 1_000_000_001)], unit: .nanosecond,
      labelUnit: .second)
    #expect(try fine.ask(implementation, at: [0, 1, 2]) == ["missing", "a", "b"])
  }

  @Test(
    "T2: before 1970 is ordinary, towards the past of zero too", arguments: Implementation.allCases)
  func before1970(implementation: Implementation) throws {
    let story = Story(
      [version("a", at: -2_000), version("b", at: -1)], unit: .millisecond, labelUnit: .second)
    #expect(try story.ask(implementation, at: [-3, -2, -1, 0]) == ["missing", "a", "a", "b"])
  }

  @Test("T2: times at the ends of 64 bits", arguments: Implementation.allCases)
  func extremes(implementation: Implementation) throws {
    let rows = [version("first", at: .min), version("last", at: .max)]
    let story = Story(rows, unit: .second)
    #expect(
      try story.ask(implementation, at: [.min, 0, .max - 1, .max])
        == ["first", "first", "first", "last"])
    let age = Int128(Int64.max) * second + Int128(Int64.max) * second
    #expect(
      try story.with(maxAge: age).ask(implementation, at: [.max - 2, .max - 1])
        == ["first", "first"])
    #expect(
      try story.with(maxAge: age - 1).ask(implementation, at: [.max - 2, .max - 1])
        == ["first", "expired"])
    let delayed = story.with(delay: Int128(Int64.max) * 604_800 * second)
    #expect(
      try delayed.ask(implementation, at: [.min, 0, .max]) == ["missing", "missing", "missing"])
  }

  @Test("T2: nanosecond history against labels in seconds that nanoseconds can't hold")
  func unitsApart() throws {
    for implementation in Implementation.allCases {
      let rows = [version("a", at: .min), version("b", at: .max)]
      let story = Story(rows, unit: .nanosecond, labelUnit: .second)
      #expect(
        try story.ask(implementation, at: [.min, -9_223_372_037, -9_223_372_036, 0])
          == ["missing", "missing", "a", "a"])
      #expect(
        try story.ask(implementation, at: [9_223_372_036, 9_223_372_037, .max]) == ["a", "b", "b"])
      #expect(
        try story.with(isStrict: true, maxAge: 0).ask(implementation, at: [.min, .max])
          == ["missing", "expired"])
    }
  }

  @Test("T2: delay and max age finer than the group's unit")
  func fineSpans() throws {
    for implementation in Implementation.allCases {
      let story = Story([version("a", at: 10)], unit: .second, labelUnit: .nanosecond)
      let at = 10 * Int64(second)
      #expect(
        try story.with(delay: 1).ask(implementation, at: [at, at + 1]) == ["missing", "a"])
      #expect(
        try story.with(delay: 1, isStrict: true).ask(implementation, at: [at + 1, at + 2])
          == ["missing", "a"])
      #expect(
        try story.with(maxAge: 1).ask(implementation, at: [at, at + 1, at + 2])
          == ["a", "a", "expired"])
    }
  }

  @Test("D2: floating point never identifies a record")
  func floatIdentifiers() {
    let story = Story([], identifiers: [.float64])
    let error = #expect(throws: HindcastError.self) { try story.world.expected() }
    #expect(error?.code == .typeMismatch)
  }

  @Test("D4: a version has an identifier")
  func nullIdentifiers() {
    let error = #expect(throws: HindcastError.self) {
      try Story([version("a", at: 1, of: .null)]).world.expected()
    }
    #expect(error?.code == .invalidValue)
  }
}

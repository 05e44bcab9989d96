import HindcastCore
import HindcastReference
import HindcastTestKit
import Testing

@Suite("Contract: as of")
struct AsOfRuleTests {
  private static let three = [version("a", at: 10), version("b", at: 20), version("c", at: 30)]

  @Test("A1: a version answers from its event time on", arguments: Implementation.allCases)
  func fromEventTime(implementation: Implementation) throws {
    let story = Story(Self.three)
    #expect(
      try story.ask(implementation, at: [9, 10, 19, 20, 30, 99])
        == ["missing", "a", "a", "b", "c", "c"])
  }

  @Test("A1: strict asks for before, not at", arguments: Implementation.allCases)
  func strict(implementation: Implementation) throws {
    let story = Story(Self.three).with(isStrict: true)
    #expect(try story.ask(implementation, at: [10, 11, 20, 21]) == ["missing", "a", "a", "b"])
  }

  @Test("A1: delay shifts when a version can first be used", arguments: Implementation.allCases)
  func delay(implementation: Implementation) throws {
    let story = Story(Self.three)
    #expect(
      try story.with(delay: 5 * second).ask(implementation, at: [14, 15, 24, 25])
        == ["missing", "a", "a", "b"])
    #expect(
      try story.with(delay: 5 * second, isStrict: true).ask(implementation, at: [15, 16, 25, 26])
        == ["missing", "a", "a", "b"])
  }

  @Test("A1: what was not known yet does not answer", arguments: Implementation.allCases)
  func created(implementation: Implementation) throws {
    let rows = [version("a", at: 10, created: 12), version("b", at: 20, created: 40)]
    let story = Story(rows, hasCreatedTime: true)
    #expect(
      try story.ask(implementation, at: [10, 11, 12, 20, 39, 40])
        == ["missing", "missing", "a", "a", "a", "b"])
  }

  @Test("A1: created time counts at equality, also when strict, and without the delay")
  func createdBoundary() throws {
    for implementation in Implementation.allCases {
      let story = Story([version("a", at: 10, created: 20)], hasCreatedTime: true)
      #expect(
        try story.with(delay: 5 * second, isStrict: true).ask(implementation, at: [19, 20])
          == ["missing", "a"])
    }
  }

  @Test("A1: created before the event is ordinary", arguments: Implementation.allCases)
  func createdBefore(implementation: Implementation) throws {
    let story = Story([version("forecast", at: 10, created: 5)], hasCreatedTime: true)
    #expect(try story.ask(implementation, at: [5, 9, 10]) == ["missing", "missing", "forecast"])
  }

  @Test("A1: an unknown created time never passes", arguments: Implementation.allCases)
  func unknownCreated(implementation: Implementation) throws {
    let story = Story([version("a", at: 10)], hasCreatedTime: true)
    #expect(try story.ask(implementation, at: [10, .max]) == ["missing", "missing"])
  }

  @Test("A1: known late lets it and the later known answer", arguments: Implementation.allCases)
  func knownLate(implementation: Implementation) throws {
    let rows = [version("a", at: 10), version("b", at: 20, created: 99)]
    let story = Story(rows, hasCreatedTime: true).with(knownLate: true)
    #expect(try story.ask(implementation, at: [9, 10, 20]) == ["missing", "a", "b"])
  }

  @Test(
    "A1: an earlier version answers while a later one is not known",
    arguments: Implementation.allCases)
  func skipsUnknown(implementation: Implementation) throws {
    let rows = [
      version("a", at: 10, created: 10), version("b", at: 20, created: 90),
      version("c", at: 30, created: 80), version("d", at: 40, created: 70),
    ]
    let story = Story(rows, hasCreatedTime: true)
    #expect(try story.ask(implementation, at: [60, 70, 85, 95]) == ["a", "d", "d", "d"])
  }

  @Test("A2: max age under, at and over the boundary", arguments: Implementation.allCases)
  func maxAge(implementation: Implementation) throws {
    let story = Story(Self.three)
    #expect(
      try story.with(maxAge: 5 * second).ask(implementation, at: [10, 15, 16, 20])
        == ["a", "a", "expired", "b"])
    #expect(
      try story.with(maxAge: 0).ask(implementation, at: [10, 11, 20]) == ["a", "expired", "b"])
    #expect(try story.ask(implementation, at: [.max]) == ["c"], "none is no limit")
  }

  @Test(
    "A2: age counts from event time, not from event time plus delay",
    arguments: Implementation.allCases)
  func ageAndDelay(implementation: Implementation) throws {
    let story = Story(Self.three).with(delay: 3 * second, maxAge: 3 * second)
    #expect(try story.ask(implementation, at: [12, 13, 14]) == ["missing", "a", "expired"])
  }

  @Test("A2: negative spans are errors")
  func negativeSpans() {
    for story in [Story([]).with(delay: -1), Story([]).with(maxAge: -1)] {
      for implementation in Implementation.allCases {
        let error = #expect(throws: HindcastError.self) { try story.ask(implementation, 1, at: 0) }
        #expect(error?.code == .invalidArgument)
      }
    }
  }

  @Test("A3: a null is an answer; nobody reaches back past it", arguments: Implementation.allCases)
  func nullFeature(implementation: Implementation) throws {
    let story = Story([version("a", at: 10), version(nil, at: 20)])
    #expect(try story.ask(implementation, at: [19, 20]) == ["a", "null"])
  }

  @Test("A3: no falling back from an expired or deleted winner", arguments: Implementation.allCases)
  func noFallback(implementation: Implementation) throws {
    let deleted = Story([version("a", at: 10), tombstone(at: 20)])
    #expect(try deleted.ask(implementation, at: [19, 20, 99]) == ["a", "deleted", "deleted"])
    let expired = Story([tombstone(at: 10), version("a", at: 11)]).with(maxAge: second)
    #expect(try expired.ask(implementation, at: [10, 12, 13]) == ["deleted", "a", "expired"])
  }

  @Test("A4: a tombstone obeys delay and created time", arguments: Implementation.allCases)
  func tombstoneObeys(implementation: Implementation) throws {
    let rows = [version("a", at: 10, created: 10), tombstone(at: 20, created: 40)]
    let story = Story(rows, hasCreatedTime: true)
    #expect(try story.ask(implementation, at: [20, 39, 40]) == ["a", "a", "deleted"])
    let delayed = Story([version("a", at: 10), tombstone(at: 20)]).with(delay: 5 * second)
    #expect(try delayed.ask(implementation, at: [24, 25]) == ["a", "deleted"])
  }

  @Test("A4: a deleted winner is deleted, however old", arguments: Implementation.allCases)
  func tombstoneDoesNotExpire(implementation: Implementation) throws {
    let story = Story([tombstone(at: 10)]).with(maxAge: 0)
    #expect(try story.ask(implementation, at: [10, 99]) == ["deleted", "deleted"])
  }

  @Test("A4: a later version revives the record", arguments: Implementation.allCases)
  func revival(implementation: Implementation) throws {
    let story = Story([version("a", at: 10), tombstone(at: 20), version("b", at: 30)])
    #expect(try story.ask(implementation, at: [15, 25, 30]) == ["a", "deleted", "b"])
  }

  @Test(
    "A4: at equal times the later arrival wins, tombstone or not",
    arguments: Implementation.allCases)
  func tombstoneTies(implementation: Implementation) throws {
    let deletedLast = Story([version("a", at: 10), tombstone(at: 10)])
    #expect(try deletedLast.ask(implementation, at: [10]) == ["deleted"])
    let revivedAtOnce = Story([tombstone(at: 10), version("a", at: 10)])
    #expect(try revivedAtOnce.ask(implementation, at: [10]) == ["a"])
    let corrected = Story(
      [tombstone(at: 10, created: 30), version("a", at: 10, created: 20)], hasCreatedTime: true)
    #expect(try corrected.ask(implementation, at: [20, 29, 30]) == ["a", "a", "deleted"])
  }

  @Test("A4: a tombstone's features are ignored", arguments: Implementation.allCases)
  func tombstoneFeatures(implementation: Implementation) throws {
    var row = version("ghost", at: 10)
    row.isTombstone = true
    #expect(try Story([row]).ask(implementation, at: [10]) == ["deleted"])
  }
}

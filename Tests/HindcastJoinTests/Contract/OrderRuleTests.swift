import HindcastTestKit
import Testing

@Suite("Contract: order")
struct OrderRuleTests {
  @Test("O1: the later event time wins, whatever came in last", arguments: Implementation.allCases)
  func eventTime(implementation: Implementation) throws {
    let story = Story([version("late", at: 3), version("early", at: 2)])
    #expect(try story.ask(implementation, at: [2, 3]) == ["early", "late"])
  }

  @Test("O1: at one event time the later created time wins", arguments: Implementation.allCases)
  func createdTime(implementation: Implementation) throws {
    let rows = [version("corrected", at: 1, created: 5), version("first", at: 1, created: 2)]
    let story = Story(rows, hasCreatedTime: true)
    #expect(
      try story.ask(implementation, at: [1, 2, 4, 5]) == ["missing", "first", "first", "corrected"])
  }

  @Test("O1: a null created time comes first", arguments: Implementation.allCases)
  func nullCreatedTime(implementation: Implementation) throws {
    let rows = [version("known", at: 1, created: -100), version("unknown", at: 1)]
    let story = Story(rows, hasCreatedTime: true).with(knownLate: true)
    #expect(try story.ask(implementation, at: [1]) == ["known"])
  }

  @Test(
    "O1: at equal times the later arrival wins, within a commit", arguments: Implementation.allCases
  )
  func placeInCommit(implementation: Implementation) throws {
    let story = Story([version("a", at: 1), version("b", at: 1), version("c", at: 1)])
    #expect(try story.ask(implementation, at: [1]) == ["c"])
  }

  @Test("O1: and across commits, whatever the place", arguments: Implementation.allCases)
  func commit(implementation: Implementation) throws {
    var story = Story([])
    story.world.commits = [
      [version("x", at: 0), version("a", at: 1), version("b", at: 1)], [version("c", at: 1)],
    ]
    #expect(try story.ask(implementation, at: [1]) == ["c"])
    story.world.commits.reverse()
    #expect(try story.ask(implementation, at: [1]) == ["b"])
  }
}

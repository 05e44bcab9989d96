import HindcastCore
import HindcastReference
import HindcastTestKit
import Testing

@Suite("Contract: labels")
struct LabelRuleTests {
  @Test("L1: a null identifier component or time is unusable", arguments: Implementation.allCases)
  func unusable(implementation: Implementation) throws {
    let story = Story(
      [version("a", at: 1, of: 1, "x")], identifiers: [.int64, .utf8])
    #expect(try story.ask(implementation, 1, "x", at: 1) == "a")
    #expect(try story.ask(implementation, .null, "x", at: 1) == "unusable")
    #expect(try story.ask(implementation, 1, .null, at: 1) == "unusable")
    #expect(try story.ask(implementation, 1, "x", at: nil) == "unusable")
    #expect(try story.ask(implementation, 2, .null, at: 1) == "unusable", "before absent")
  }

  @Test("L1: no history at all", arguments: Implementation.allCases)
  func noHistory(implementation: Implementation) throws {
    #expect(try Story([]).ask(implementation, 1, at: 1) == "missing")
    #expect(try Story([version("a", at: 1)]).ask(implementation, 2, at: 1) == "missing")
  }

  @Test("L1: as many answers as labels, in their order, twice if asked twice")
  func order() throws {
    for implementation in Implementation.allCases {
      var world = Story([version("a", at: 1), version("b", at: 2, of: 7)]).world
      world.labels = [(7, 2), (1, 2), (7, 1), (7, 2), (1, 0)].map {
        WorldLabel(record: [.integer($0)], ticks: $1)
      }
      let features = try implementation.answers(world).map { $0.features[0] }
      #expect(features == ["b", "a", .null, "b", .null])
      world.labels = []
      #expect(try implementation.answers(world).isEmpty)
    }
  }

  @Test("L1: the counts add up")
  func counts() throws {
    var world = Story([version("a", at: 1), tombstone(at: 5)]).with(maxAge: second).world
    world.labels = [(1, 0), (1, 1), (1, 2), (1, 3), (1, 5), (1, 9), (2, 9)].map {
      WorldLabel(record: [.integer($0)], ticks: $1)
    }
    world.labels.append(WorldLabel(record: [.null], ticks: 1))
    let counts = try world.expected().counts
    #expect(counts == [.unusable: 1, .missing: 2, .deleted: 2, .expired: 1, .matched: 2])
  }

  @Test(
    "L2: integers compare by value, whatever their width and sign",
    arguments: Implementation.allCases)
  func integers(implementation: Implementation) throws {
    let rows = [version("minus", at: 1, of: -1), version("top", at: 1, of: 127)]
    for type in [DataType.int8, .int16, .int32, .int64] {
      let story = Story(rows, identifiers: [.int8], labelTypes: [type])
      #expect(try story.ask(implementation, -1, at: 1) == "minus")
      #expect(try story.ask(implementation, 127, at: 1) == "top")
    }
    let wide = Story(rows, identifiers: [.int8], labelTypes: [.uint64])
    #expect(try wide.ask(implementation, 127, at: 1) == "top")
    #expect(try wide.ask(implementation, .integer(1 << 64 - 1), at: 1) == "missing")
    #expect(try wide.ask(implementation, 255, at: 1) == "missing")
    #expect(try wide.ask(implementation, 383, at: 1) == "missing", "383 - 256 is 127")
  }

  @Test("L2: text is bytewise; empty is not null", arguments: Implementation.allCases)
  func text(implementation: Implementation) throws {
    let rows = [
      version("empty", at: 1, of: ""), version("a", at: 1, of: "a"),
      version("composed", at: 1, of: "\u{E9}"), version("zero", at: 1, of: "a\u{0}"),
    ]
    let story = Story(rows, identifiers: [.utf8])
    let questions: [(Value, String)] = [
      ("", "empty"), (.null, "unusable"), ("a", "a"), ("a ", "missing"), (" a", "missing"),
      ("A", "missing"), ("\u{E9}", "composed"), ("e\u{301}", "missing"), ("a\u{0}", "zero"),
      ("a\u{0}\u{0}", "missing"), ("\u{0}", "missing"),
    ]
    for (record, answer) in questions {
      #expect(try story.ask(implementation, record, at: 1) == answer, "\(record.short)")
    }
  }

  @Test("L2: components do not run together", arguments: Implementation.allCases)
  func composite(implementation: Implementation) throws {
    let rows = [version("ab-c", at: 1, of: "ab", "c"), version("a-bc", at: 1, of: "a", "bc")]
    let story = Story(rows, identifiers: [.utf8, .utf8])
    #expect(try story.ask(implementation, "ab", "c", at: 1) == "ab-c")
    #expect(try story.ask(implementation, "a", "bc", at: 1) == "a-bc")
    #expect(try story.ask(implementation, "abc", "", at: 1) == "missing")
    #expect(try story.ask(implementation, "", "abc", at: 1) == "missing")
  }

  @Test("L2: timestamps compare by instant, dates with dates", arguments: Implementation.allCases)
  func times(implementation: Implementation) throws {
    let story = Story(
      [version("a", at: 1, of: 2)], identifiers: [.timestamp(.second, zone: "UTC")],
      labelTypes: [.timestamp(.millisecond, zone: nil)])
    #expect(try story.ask(implementation, 2_000, at: 1) == "a")
    #expect(try story.ask(implementation, 2, at: 1) == "missing")
    #expect(try story.ask(implementation, 2_001, at: 1) == "missing")
    let days = Story([version("a", at: 1, of: -3)], identifiers: [.date])
    #expect(try days.ask(implementation, -3, at: 1) == "a")
  }

  @Test("L2: other pairs are an error before any work")
  func otherPairs() {
    let pairs: [(DataType, DataType)] = [
      (.int64, .utf8), (.utf8, .int64), (.date, .timestamp(.second, zone: nil)),
      (.utf8, .binary), (.int64, .float64), (.bool, .uint8),
    ]
    for (record, label) in pairs {
      // The online view takes values of the group's own types.
      for implementation in Implementation.allCases where implementation != .online {
        let error = #expect(throws: HindcastError.self) {
          try Story([], identifiers: [record], labelTypes: [label])
            .ask(implementation, .null, at: 1)
        }
        #expect(error?.code == .typeMismatch, "\(record) \(label)")
      }
    }
  }
}

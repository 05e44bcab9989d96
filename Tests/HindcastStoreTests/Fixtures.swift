import HindcastCore
import HindcastStore
import HindcastTestKit
import Testing

/// A group with a text identifier, a created time and two features.
func accounts(_ name: String = "accounts") -> FeatureGroup {
  FeatureGroup(
    name: name,
    recordIdentifiers: [Field(id: 0, name: "account", type: .utf8)],
    eventTime: "at", createdTime: "known", deletedFlag: "gone",
    features: [
      Field(id: 0, name: "balance", type: .float64, description: "what is there"),
      Field(id: 0, name: "tags", type: .list(.utf8), tags: ["kind": "free"]),
    ],
    timeToLive: TimeSpan(nanoseconds: 5_000_000_000), delay: TimeSpan(nanoseconds: 7),
    description: "of people", tags: ["team": "risk", "a": "b"], owner: "someone")
}

/// A group with an integer identifier and no created time.
func scores(_ name: String = "scores") -> FeatureGroup {
  FeatureGroup(
    name: name,
    recordIdentifiers: [Field(id: 0, name: "id", type: .int64)],
    eventTime: "at", timeUnit: .second,
    features: [Field(id: 0, name: "score", type: .int64)])
}

/// Runs `body`, which must throw a ``HindcastError`` of the given code, and returns it.
@discardableResult
func expectError(
  _ code: HindcastError.Code, sourceLocation: SourceLocation = #_sourceLocation,
  _ body: () throws -> Void
) -> HindcastError? {
  do {
    try body()
    Issue.record("nothing was thrown", sourceLocation: sourceLocation)
  } catch let error as HindcastError {
    #expect(error.code == code, "\(error)", sourceLocation: sourceLocation)
    return error
  } catch {
    Issue.record("\(error)", sourceLocation: sourceLocation)
  }
  return nil
}

/// A small group that the tests share, with everything that a group can have.
enum Balances {
  static let yaml = """
    groups:
      - name: balances
        description: what customers owe
        owner: risk
        tags: {team: credit}
        record_identifiers: {customer_id: int64}
        event_time: event_time
        created_time: known_at
        deleted: is_deleted
        ttl: 30d
        features:
          utilisation: float64
          limit: {type: "decimal128[12, 2]", description: the agreed limit}
          status: utf8
    """

  static let header = "customer_id,event_time,known_at,is_deleted,utilisation,limit,status\n"

  static let rows = """
    1,2024-01-01T00:00:00Z,2024-01-01T00:00:00Z,,0.25,1000.00,good
    1,2024-01-10T00:00:00Z,2024-01-12T00:00:00Z,false,0.5,1000.00,good
    1,2024-01-20T00:00:00Z,2024-01-20T00:00:00Z,false,0.75,1500.50,
    2,2024-01-05T00:00:00Z,2024-01-05T00:00:00Z,false,0.1,200.00,""
    2,2024-01-15T00:00:00Z,2024-01-15T00:00:00Z,true,,,
    3,2024-01-01T00:00:00Z,2024-01-01T00:00:00Z,false,,,new

    """

  static let labels = """
    application,customer_id,label_time
    a,1,2024-01-11T00:00:00Z
    b,1,2024-01-12T00:00:00Z
    c,2,2024-01-14T23:59:59Z
    d,2,2024-01-15T00:00:00Z
    e,3,2024-01-31T00:00:00Z
    f,3,2024-01-31T00:00:01Z
    g,9,2024-01-31T00:00:00Z
    h,,2024-01-31T00:00:00Z

    """
}

extension Sandbox {
  /// A store with the group `balances`, and its rows in one ingest.
  static func withBalances(rows: Bool = true) throws -> Sandbox {
    let sandbox = try Sandbox()
    try sandbox.write(Balances.yaml, to: "groups.yaml")
    try sandbox.write(Balances.header + Balances.rows, to: "balances.csv")
    try sandbox.write(Balances.labels, to: "labels.csv")
    try sandbox.expectSuccess("init")
    try sandbox.expectSuccess("apply", "groups.yaml")
    if rows { try sandbox.expectSuccess("ingest", "balances", "balances.csv") }
    return sandbox
  }

  /// Runs the command; any failure of it is the test's.
  @discardableResult
  func expectSuccess(_ arguments: String...) throws -> Outcome {
    try expectSuccess(arguments)
  }

  /// Runs the command; any failure of it is the test's.
  @discardableResult
  func expectSuccess(_ arguments: [String]) throws -> Outcome {
    let outcome = try run(arguments)
    guard outcome.code == 0 else {
      throw UnexpectedFailure(arguments: arguments, outcome: outcome)
    }
    return outcome
  }
}

/// A run that was to succeed and did not.
struct UnexpectedFailure: Error, CustomStringConvertible {
  let arguments: [String]
  let outcome: Sandbox.Outcome

  var description: String {
    "hindcast \(arguments.joined(separator: " ")): exit code \(outcome.code)\n\(outcome.messages)"
  }
}

import Testing

@Suite("Compaction on the command line")
struct CompactTests {
  /// A store whose rows came in `count` times, a commit each.
  private func sandbox(_ count: Int) throws -> Sandbox {
    let sandbox = try Sandbox.withBalances()
    for _ in 1..<count { try sandbox.expectSuccess("ingest", "balances", "balances.csv") }
    return sandbox
  }

  @Test("segments become one, answers stay, and stats tell what it took")
  func full() throws {
    let sandbox = try sandbox(3)
    let before = try sandbox.expectSuccess("get", "balances", "1", "--json").output
    let report = try sandbox.expectSuccess("compact", "balances", "--full")
    #expect(report.output.contains("3 segments"))
    #expect(report.output.contains("12 versions"))
    #expect(try sandbox.expectSuccess("get", "balances", "1", "--json").output == before)
    let stats = try sandbox.expectSuccess("stats", "balances").output
    #expect(stats.contains("3-5"))
    #expect(stats.contains("written so far"))
    let json = try sandbox.expectSuccess("stats", "balances", "--json").output
    #expect(json.contains("\"space_amplification\": "))
    #expect(json.contains("\"first_commit\": 3"))
    #expect(try sandbox.expectSuccess("verify", "--deep").output.contains("Nothing wrong"))
    #expect(
      try sandbox.expectSuccess("snapshots").output.contains(
        "compact, balances, 3 segments into 1"))
    #expect(try sandbox.expectSuccess("history", "balances", "1").output.contains("3-5"))
    let again = try sandbox.expectSuccess("compact")
    #expect(again.output == "balances: nothing to merge.\n")
  }

  @Test("windows of time stay apart")
  func windows() throws {
    let sandbox = try sandbox(2)
    try sandbox.shell("sed 's/20\\([0-9][0-9]\\)-/21\\1-/g' balances.csv > later.csv")
    try sandbox.expectSuccess("ingest", "balances", "later.csv")
    let report = try sandbox.expectSuccess("compact", "--full", "--window", "30d")
    #expect(report.output.contains("2 segments"), "\(report.output)")
    let again = try sandbox.expectSuccess("compact", "--full", "--window", "30d")
    #expect(again.output == "balances: nothing to merge.\n")
    let refused = try sandbox.run("compact", "--window", "0s")
    #expect(refused.code == 64 && refused.messages.contains("--window is longer than nothing"))
  }

  @Test("an ingest compacts when tiers by size say so, if asked to")
  func afterIngest() throws {
    let sandbox = try sandbox(3)
    try sandbox.expectSuccess("ingest", "balances", "balances.csv", "--compact")
    let json = try sandbox.expectSuccess("compact", "--json").output
    #expect(json.contains("\"commits\": []"))
    #expect(try sandbox.expectSuccess("stats", "balances").output.contains("3-6"))
  }

  @Test("rows are in, and that is what an ingest says, if merging fails afterwards")
  func failureAfterIngest() throws {
    let sandbox = try sandbox(3)
    try sandbox.shell("for f in .hindcast/segments/*; do truncate -s -9 $f; done")
    let report = try sandbox.expectSuccess("ingest", "balances", "balances.csv", "--compact").output
    #expect(report.contains("in commit 6") && report.contains("merging segments"), "\(report)")
    #expect(try sandbox.expectSuccess("snapshots").output.contains("6 "))
  }

  @Test("killed at any moment it leaves the store whole, and nothing behind")
  func killed() throws {
    let sandbox = try sandbox(3)
    for delay in ["0.02", "0.05", "0.1", "0.2", "0.4"] {
      _ = try sandbox.shell(
        "hindcast compact --full --rate 500 & pid=$!; sleep \(delay); kill -9 $pid; wait || true")
      let verified = try sandbox.expectSuccess("verify", "--deep").output
      #expect(verified.contains("Nothing wrong"))
    }
    try sandbox.expectSuccess("ingest", "balances", "balances.csv")
    try sandbox.expectSuccess("compact", "--full")
    #expect(!(try sandbox.expectSuccess("verify").output.contains("leftover")))
  }

  @Test("an interrupt stops it and leaves nothing")
  func interrupted() throws {
    let sandbox = try sandbox(2)
    let outcome = try sandbox.shell(
      "hindcast compact --full --rate 1000 & pid=$!; sleep 0.5; kill -INT $pid; wait $pid")
    #expect(outcome.code == 130 || outcome.code == 0)
    #expect(!(try sandbox.expectSuccess("verify").output.contains("leftover")))
  }

  @Test("an interrupt after a merge says which merges are in")
  func interruptedAfterAMerge() throws {
    let sandbox = try sandbox(2)
    let fields = "{record_identifiers: {id: int64}, event_time: at, features: {x: int64}, name: "
    try sandbox.write("groups: [\(fields)late}, \(fields)later}]\n", to: "more.yaml")
    try sandbox.write("id,at,x\n1,2024-01-01,5\n", to: "more.csv")
    try sandbox.expectSuccess("apply", "more.yaml")
    for name in ["late", "late", "later", "later"] {
      try sandbox.expectSuccess("ingest", name, "more.csv")
    }
    // The merge that is being written is finished, the one after it is not begun.
    let outcome = try sandbox.shell(
      """
      hindcast compact --full --rate 700 & pid=$!
      until hindcast snapshots | grep -q compact; do sleep 0.05; done
      kill -INT $pid; wait $pid
      """)
    #expect(outcome.code == 130, "\(outcome)")
    #expect(outcome.messages.contains("interrupted; these merges are in:"), "\(outcome)")
    #expect(outcome.messages.contains("balances: 2 segments of"))
    #expect(outcome.messages.contains("in commit 10"))
    #expect(!outcome.messages.contains("later"))
    #expect(try sandbox.expectSuccess("compact", "later", "--full").output.contains("2 segments"))
  }
}

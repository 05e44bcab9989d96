import Testing

@Suite("Giving up history on the command line")
struct ExpireTests {
  @Test("labels before the horizon are refused by name, later ones answered as before")
  func horizon() throws {
    let sandbox = try Sandbox.withBalances()
    let latest = ["get", "balances", "1", "--as-of", "2024-02-01T00:00:00Z", "--json"]
    let before = try sandbox.run(latest).output
    let report = try sandbox.expectSuccess("expire", "balances", "--before", "2024-01-15")
    #expect(report.output.contains("2 versions given up in commit 4"))
    #expect(try sandbox.run(latest).output == before)
    let build = [
      "build", "--labels", "labels.csv", "--label-time", "label_time", "--features", "balances",
      "--output", "out.csv",
    ]
    let refused = try sandbox.run(build)
    #expect(refused.code == 1 && !sandbox.has("out.csv"))
    #expect(
      refused.messages.contains("gave up its history before 2024-01-15T00:00:00"))
    for strategy in ["nested", "merge", "probe", "hash"] {
      #expect(try sandbox.run(build + ["--strategy", strategy]).code == 1)
    }
    #expect(try sandbox.run(build + ["--snapshot", "3"]).code == 0)
    let early = try sandbox.run("get", "balances", "1", "--as-of", "2024-01-14", "--json")
    #expect(early.code == 1 && early.messages.contains("\"before_horizon\""))
    let history = try sandbox.expectSuccess("history", "balances", "1").output
    #expect(history.contains("note: history before 2024-01-15T00:00:00"))
    #expect(try sandbox.expectSuccess("stats", "balances").output.contains("given up before"))
    #expect(try sandbox.expectSuccess("verify", "--deep").output.contains("Nothing wrong"))
  }

  @Test("a horizon does not move back, and fits the group's unit")
  func refusals() throws {
    let sandbox = try Sandbox.withBalances()
    try sandbox.expectSuccess("expire", "--all", "--before", "2024-01-15")
    let back = try sandbox.run("expire", "balances", "--before", "2024-01-14")
    #expect(back.code == 1 && back.messages.contains("a horizon only moves on"))
    let fine = try sandbox.run("expire", "balances", "--before", "2024-01-15T00:00:00.0000001Z")
    #expect(fine.code == 1 && fine.messages.contains("counts in us"))
    #expect(try sandbox.run("expire", "--before", "2024-01-16").code == 64)
    #expect(try sandbox.run("expire", "balances", "--all", "--before", "2024-01-16").code == 64)
    let again = try sandbox.expectSuccess("expire", "balances", "--before", "2024-01-15")
    #expect(again.output.contains("nothing to give up"))
  }

  @Test("a dry run says what would go and changes nothing")
  func dryRun() throws {
    let sandbox = try Sandbox.withBalances()
    let before = try sandbox.fingerprint()
    let expire = ["expire", "balances", "--before", "2024-01-15"]
    let plan = try sandbox.expectSuccess(expire + ["--dry-run"])
    #expect(plan.output.contains("balances: would give up 2 versions"), "\(plan)")
    #expect(plan.output.hasSuffix("Nothing was changed.\n"))
    let json = try sandbox.expectSuccess(expire + ["--dry-run", "--json"]).output
    #expect(json.contains("\"dry_run\": true") && json.contains("\"commit\": null"), "\(json)")
    #expect(json.contains("\"newest_event_time\": \"2024-01-20T00:00:00Z\""), "\(json)")
    #expect(try sandbox.fingerprint() == before)
    #expect(try sandbox.expectSuccess(expire).output.contains("2 versions given up in commit 4"))
    let late = try sandbox.expectSuccess("expire", "--all", "--before", "2025-01-01", "--dry-run")
    #expect(late.output.contains("Its newest version is of 2024-01-20T00:00:00Z"), "\(late)")
    #expect(late.output.contains("each record would keep its last one alone"), "\(late)")
  }

  @Test("a time later than now is refused, unless it is allowed")
  func future() throws {
    let sandbox = try Sandbox.withBalances()
    let before = try sandbox.fingerprint()
    for more in [[], ["--dry-run"]] {
      let refused = try sandbox.run(["expire", "--all", "--before", "2999-01-01"] + more)
      #expect(refused.code == 1 && refused.messages.contains("is later than now"), "\(refused)")
      #expect(refused.messages.contains("--allow-future"))
    }
    #expect(try sandbox.fingerprint() == before)
    let expired = try sandbox.expectSuccess(
      "expire", "--all", "--before", "2999-01-01", "--allow-future")
    #expect(expired.output.contains("given up in commit 4"), "\(expired)")
    #expect(try sandbox.run("get", "balances", "1").code == 1)
  }
}

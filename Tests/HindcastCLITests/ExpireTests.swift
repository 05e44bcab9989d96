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
}

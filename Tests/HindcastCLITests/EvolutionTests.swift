import Testing

/// Features come, go, change names and widen: by a definition file, and by `group update`.
@Suite("Groups that evolve, on the command line")
struct EvolutionTests {
  /// The file of `Balances` with other features.
  private static func yaml(_ features: String...) -> String {
    let head = Balances.yaml.split(separator: "\n", omittingEmptySubsequences: false)
      .prefix { !$0.contains("features:") }
    return (head + ["    features:"] + features.map { "      " + $0[...] }).joined(separator: "\n")
      + "\n"
  }

  /// The values that `get` answers for customer 1.
  private func values(_ sandbox: Sandbox, _ more: String...) throws -> String {
    try sandbox.expectSuccess(
      ["get", "balances", "1", "--as-of", "2024-01-21T00:00:00Z", "--json"] + more
    ).output
  }

  @Test("a file adds, renames and widens; old rows and old snapshots read right")
  func evolve() throws {
    let sandbox = try Sandbox.withBalances()
    let yaml = Self.yaml(
      "usage: {type: float64, renamed_from: utilisation}",
      "limit: \"decimal128[20, 2]\"", "status: utf8", "days_late: {type: int8, default: -1}",
      "region: {type: utf8, default: \"none\"}", "codes: {type: \"list[utf8]\", default: [a, null]}"
    )
    try sandbox.write(yaml, to: "groups.yaml")
    let report = try sandbox.expectSuccess("apply", "groups.yaml").output
    for line in [
      "~ features.usage.name: utilisation -> usage",
      "~ features.limit: decimal128[12, 2] -> decimal128[20, 2]",
      "+ features.days_late: int8, default \"-1\"", "+ features.region: utf8, default \"none\"",
      "+ features.codes: list[utf8], default [\"a\", null]",
    ] {
      #expect(report.contains(line), "\(report)")
    }
    #expect(try sandbox.expectSuccess("apply", "groups.yaml").output.contains("unchanged"))
    let now = try values(sandbox)
    for part in ["\"usage\":0.75", "\"limit\":\"1500.50\"", "\"days_late\":-1", "\"none\""] {
      #expect(now.contains(part), "\(now)")
    }
    let then = try values(sandbox, "--snapshot", "3")
    #expect(then.contains("\"utilisation\":0.75") && !then.contains("days_late"))
    let shown = try sandbox.expectSuccess("group", "show", "balances").output
    #expect(shown.contains("days_late    int8"))
    let history = try sandbox.expectSuccess("history", "balances", "1").output
    #expect(history.contains("usage") && history.contains("-1"))
    #expect(try sandbox.expectSuccess("verify", "--deep").code == 0)
  }

  @Test("a training set of an evolved group builds and audits")
  func build() throws {
    let sandbox = try Sandbox.withBalances()
    try sandbox.write(
      Self.yaml(
        "usage: {type: float64, renamed_from: utilisation}", "days_late: {type: int8, default: 7}"),
      to: "groups.yaml")
    try sandbox.expectSuccess("apply", "groups.yaml")
    try sandbox.expectSuccess(
      "build", "--labels", "labels.csv", "--label-time", "label_time", "--features",
      "balances:usage,days_late,status", "--output", "train.csv")
    let rows = try sandbox.read("train.csv").split(separator: "\n")
    #expect(rows.contains { $0.hasSuffix("0.5,7,good") || $0.hasSuffix("0.5,7,\"good\"") })
    try sandbox.expectSuccess("audit", "train.csv")
    // The manifest's snapshot still has the features that it had.
    try sandbox.expectSuccess("group", "update", "balances", "--drop", "days_late")
    try sandbox.expectSuccess("audit", "train.csv")
  }

  @Test("features that the file leaves out stay, and go with --allow-drop")
  func drop() throws {
    let sandbox = try Sandbox.withBalances()
    try sandbox.write(Self.yaml("utilisation: float64"), to: "less.yaml")
    let kept = try sandbox.expectSuccess("apply", "less.yaml").output
    #expect(kept.contains("= features.status: stays, though not named here (see --allow-drop)"))
    #expect(kept.contains("Nothing to change."))
    let before = try sandbox.fingerprint()
    let dry = try sandbox.expectSuccess("apply", "less.yaml", "--allow-drop", "--dry-run").output
    #expect(dry.contains("- features.status: utf8") && dry.contains("- features.limit"))
    #expect(try sandbox.fingerprint() == before)
    try sandbox.expectSuccess("apply", "less.yaml", "--allow-drop")
    #expect(try !values(sandbox).contains("status"))
    #expect(try values(sandbox, "--snapshot", "3").contains("\"status\":null"))
    #expect(try sandbox.expectSuccess("verify", "--deep").code == 0)
    // A file that says nothing of features drops none.
    try sandbox.write("groups:\n  - {name: balances, delay: 1h}\n", to: "delay.yaml")
    let delay = try sandbox.expectSuccess("apply", "delay.yaml", "--allow-drop").output
    #expect(!delay.contains("features."))
    // The name is free for another feature.
    try sandbox.write(Self.yaml("utilisation: float64", "status: int32"), to: "more.yaml")
    try sandbox.expectSuccess("apply", "more.yaml")
    #expect(try values(sandbox).contains("\"status\":null"))
  }

  @Test("group update renames, drops, widens and adds with a default")
  func update() throws {
    let sandbox = try Sandbox.withBalances()
    try sandbox.expectSuccess(
      "group", "update", "balances", "--rename", "utilisation=usage", "--drop", "status",
      "--type", "limit=decimal128[14, 2]", "--add", "score=int16", "--default", "score=-3")
    let now = try values(sandbox)
    #expect(now.contains("\"usage\":0.75") && now.contains("\"score\":-3"))
    #expect(!now.contains("status") && now.contains("1500.50"))
    try sandbox.expectSuccess("group", "update", "balances", "--type", "score=int64")
    #expect(try values(sandbox).contains("\"score\":-3"))
    #expect(try sandbox.run("group", "update", "balances", "--add", "score=int8").code == 1)
    #expect(try sandbox.run("group", "update", "balances", "--default", "score=1").code == 64)
    #expect(try sandbox.run("group", "update", "balances", "--type", "no=int8").code == 1)
    try sandbox.expectSuccess(
      "group", "update", "balances", "--drop", "score", "--add", "score=utf8")
    #expect(try values(sandbox).contains("\"score\":null"))
  }

  @Test("what would lose or change stored values is refused, with the reason")
  func refusals() throws {
    let sandbox = try Sandbox.withBalances(rows: false)
    let grown = Self.yaml("utilisation: float64", "n: {type: int32, default: 5}")
    try sandbox.write(grown, to: "groups.yaml")
    try sandbox.expectSuccess("apply", "groups.yaml")
    let before = try sandbox.fingerprint()
    let cases = [
      ("n: {type: int32, default: 5}", "n: int16", "values that are stored might not fit"),
      ("n: {type: int32, default: 5}", "n: float64", "floating point does not hold every integer"),
      ("default: 5", "default: 6", "the default of feature 'n' can't change"),
      ("default: 5", "default: null", "the default of feature 'n' can't change"),
      ("default: 5", "default: x", "line 13: groups[1].features.n.default 'x'"),
      ("default: 5", "default: 3000000000", "'3000000000'"),
      ("n: {type: int32,", "n: {type: int32, renamed_from: status,", "a feature of that name"),
      ("n: {type: int32,", "m: {type: int32, renamed_from: k,", "no feature 'k' that could be"),
      (
        "{customer_id: int64}", "{customer_id: int32}", "the record identifier is customer_id int64"
      ),
      ("{customer_id: int64}", "{c: {type: int64, renamed_from: customer_id}}", "can't be renamed"),
      ("{customer_id: int64}", "{customer_id: {type: int64, default: 1}}", "no default"),
    ]
    for (old, new, message) in cases {
      try sandbox.write(grown.replacing(old, with: new), to: "groups.yaml")
      let outcome = try sandbox.run("apply", "groups.yaml")
      #expect(outcome.code == 1 && outcome.messages.contains(message), "\(new): \(outcome)")
      #expect(try sandbox.fingerprint() == before)
    }
  }

  @Test("a group with defaults as YAML makes the same group again")
  func yamlRoundTrip() throws {
    let sandbox = try Sandbox.withBalances(rows: false)
    try sandbox.write(
      Self.yaml(
        "a: {type: float64, default: nan}", "b: {type: float32, default: -inf}",
        "c: {type: utf8, default: \"null\"}", "d: {type: bool, default: true}",
        "e: {type: \"timestamp[us, UTC]\", default: \"2024-02-29T12:00:00Z\"}",
        "f: {type: \"decimal128[5, 2]\", default: 1.50}", "g: {type: binary, default: AP8=}",
        "h: {type: \"set[int64]\", default: [3, 1]}", "i: {type: date, default: 1969-12-31}",
        "j: {type: \"vector[2]\", default: [1, 0.5]}", "k: {type: utf8, default: \"\"}"),
      to: "groups.yaml")
    try sandbox.expectSuccess("apply", "groups.yaml")
    let yaml = try sandbox.expectSuccess("group", "show", "balances", "--yaml").output
    try sandbox.write(yaml, to: "copy.yaml")
    #expect(try sandbox.expectSuccess("apply", "copy.yaml").output.contains("unchanged"))
    try sandbox.expectSuccess("init", "copy")
    try sandbox.expectSuccess("apply", "copy.yaml", "--store", "copy")
    let copied = try sandbox.expectSuccess("group", "show", "balances", "--yaml", "--store", "copy")
    #expect(copied.output == yaml && yaml.contains("default: [\"1\", \"3\"]"))
  }
}

import Testing

@Suite("Stores and groups on the command line")
struct GroupTests {
  @Test("init makes a store that is found from folders below")
  func initAndDiscovery() throws {
    let sandbox = try Sandbox()
    let created = try sandbox.expectSuccess("init", "--json")
    #expect(created.output.contains("\"identifier\": \""))
    let below = try sandbox.shell("mkdir -p a/b && cd a/b && hindcast snapshots")
    #expect(below.code == 0 && below.output.contains("create"))
    let again = try sandbox.run("init")
    #expect(again.code == 1 && again.messages.contains("there is a store here already"))
  }

  @Test("the option goes before the environment, which goes before the folder")
  func storePrecedence() throws {
    let sandbox = try Sandbox()
    for name in ["one", "two", ".hindcast"] { try sandbox.expectSuccess("init", name) }
    try sandbox.write(Balances.yaml, to: "groups.yaml")
    try sandbox.expectSuccess("apply", "groups.yaml", "--store", "one")
    let byOption = try sandbox.run(
      "group", "list", "--store", "one", environment: ["HINDCAST_STORE": "two"])
    let byEnvironment = try sandbox.run("group", "list", environment: ["HINDCAST_STORE": "one"])
    let byFolder = try sandbox.run("group", "list")
    #expect(byOption.output.contains("balances"))
    #expect(byEnvironment.output.contains("balances"))
    #expect(byFolder.output.contains("No groups yet"))
  }

  @Test("without a store the message says how to make one")
  func noStore() throws {
    let outcome = try Sandbox().run("group", "list")
    #expect(outcome.code == 1)
    #expect(outcome.messages.contains("hindcast init"))
  }

  @Test("apply shows the difference, and a second apply changes nothing")
  func apply() throws {
    let sandbox = try Sandbox.withBalances(rows: false)
    let before = try sandbox.fingerprint()
    let again = try sandbox.expectSuccess("apply", "groups.yaml")
    #expect(again.output.contains("balances: unchanged"))
    let evolved = Balances.yaml.replacing("30d", with: "7d") + "\n      score: int32\n"
    try sandbox.write(evolved, to: "groups.yaml")
    let dry = try sandbox.expectSuccess("apply", "groups.yaml", "--dry-run")
    #expect(dry.output.contains("~ ttl: 30d -> 7d"))
    #expect(dry.output.contains("+ features.score: int32"))
    #expect(try sandbox.fingerprint() == before)
    try sandbox.expectSuccess("apply", "groups.yaml")
    #expect(try sandbox.run("group", "show", "balances").output.contains("score"))
  }

  @Test("apply never drops what the file does not name")
  func applyKeeps() throws {
    let sandbox = try Sandbox.withBalances(rows: false)
    try sandbox.write("groups:\n  - {name: balances, delay: 1h}\n", to: "less.yaml")
    try sandbox.expectSuccess("apply", "less.yaml")
    let shown = try sandbox.run("group", "show", "balances", "--yaml").output
    for part in ["utilisation", "delay: 1h", "ttl: 30d", "owner: \"risk\""] {
      #expect(shown.contains(part))
    }
  }

  @Test("what a group with history can't become is refused, with the reason")
  func refusedEvolution() throws {
    let sandbox = try Sandbox.withBalances(rows: false)
    let before = try sandbox.fingerprint()
    let changes = [
      ("customer_id: int64", "customer_id: utf8"), ("utilisation: float64", "utilisation: int32"),
      ("event_time: event_time", "event_time: known"), ("ttl: 30d", "time_unit: ns"),
    ]
    for (old, new) in changes {
      try sandbox.write(Balances.yaml.replacing(old, with: new), to: "groups.yaml")
      let outcome = try sandbox.run("apply", "groups.yaml")
      #expect(outcome.code == 1)
      #expect(outcome.messages.contains("can't be changed like this"), "\(new)")
      #expect(try sandbox.fingerprint() == before)
    }
  }

  @Test("mistakes in a definition are named with their line")
  func badDefinitions() throws {
    let sandbox = try Sandbox()
    try sandbox.expectSuccess("init")
    let cases = [
      ("ttl: 30d", "tll: 30d", "line 10: groups[1].tll is not known here. Did you mean 'ttl'?"),
      ("ttl: 30d", "ttl: 3x", "'3x' is no duration"),
      ("ttl: 30d", "ttl: -3d", "negative"),
      ("utilisation: float64", "utilisation: flaot64", "'flaot64' is no type"),
      ("customer_id: int64", "customer_id: float64", "astype(\\\"Int64\\\")"),
      ("name: balances", "name: bal__ances", "'__'"),
      (
        "status: utf8", "event_time: utf8",
        "line 2: group balances has two columns named 'event_time'"
      ),
      ("    event_time: event_time\n", "", "line 2: group balances is new and needs event_time"),
      ("groups:", "grups:", "Did you mean 'groups'?"),
    ]
    for (old, new, message) in cases {
      try sandbox.write(Balances.yaml.replacing(old, with: new), to: "groups.yaml")
      let outcome = try sandbox.run("apply", "groups.yaml")
      let wanted = message.replacing("\\\"", with: "\"")
      #expect(outcome.code == 1)
      #expect(outcome.messages.contains(wanted), "\(outcome.messages)")
      #expect(outcome.messages.contains("groups.yaml: "), "\(outcome.messages)")
    }
    #expect(try sandbox.run("group", "list").output.contains("No groups yet"))
  }

  @Test("group update changes settings and adds features")
  func update() throws {
    let sandbox = try Sandbox.withBalances(rows: false)
    let outcome = try sandbox.expectSuccess(
      "group", "update", "balances", "--ttl", "none", "--strict", "--add", "tags=set[utf8]",
      "--tag", "team=risk")
    #expect(outcome.output.contains("- ttl: 30d"))
    let shown = try sandbox.run("group", "show", "balances", "--json").output
    #expect(shown.contains("\"ttl\": null"))
    #expect(shown.contains("\"strict\": true"))
    #expect(shown.contains("set[utf8]"))
  }

  @Test("a group as YAML makes the same group again")
  func yamlRoundTrip() throws {
    let sandbox = try Sandbox.withBalances(rows: false)
    let yaml = try sandbox.expectSuccess("group", "show", "balances", "--yaml").output
    try sandbox.write(yaml, to: "copy.yaml")
    try sandbox.expectSuccess("init", "copy")
    try sandbox.expectSuccess("apply", "copy.yaml", "--store", "copy")
    let copied = try sandbox.expectSuccess("group", "show", "balances", "--yaml", "--store", "copy")
    #expect(copied.output == yaml)
  }

  @Test("a group as YAML sets back what was changed since")
  func yamlSetsBack() throws {
    let sandbox = try Sandbox.withBalances(rows: false)
    try sandbox.expectSuccess("group", "update", "balances", "--ttl", "none")
    let yaml = try sandbox.expectSuccess("group", "show", "balances", "--yaml").output
    try sandbox.write(yaml, to: "copy.yaml")
    try sandbox.expectSuccess(
      "group", "update", "balances", "--ttl", "0", "--delay", "2h", "--strict", "--owner", "x")
    try sandbox.expectSuccess("apply", "copy.yaml")
    #expect(try sandbox.expectSuccess("group", "show", "balances", "--yaml").output == yaml)
    #expect(yaml.contains("ttl: none") && yaml.contains("delay: 0s"))
  }

  @Test("drop hides a group from now on; its snapshots stay")
  func drop() throws {
    let sandbox = try Sandbox.withBalances()
    try sandbox.expectSuccess("group", "drop", "balances")
    let gone = try sandbox.run("group", "show", "balances")
    #expect(gone.code == 1 && gone.messages.contains("no group 'balances'"))
    let old = try sandbox.expectSuccess("history", "balances", "1", "--snapshot", "3")
    #expect(old.lines.count == 4)
    let last = try #require(try sandbox.expectSuccess("snapshots").lines.last)
    #expect(last.hasSuffix("  drop balances"))
  }

  @Test("group create takes the columns of a file")
  func createFromSchema() throws {
    let sandbox = try Sandbox()
    try sandbox.expectSuccess("init")
    try sandbox.write(Balances.header + Balances.rows, to: "balances.csv")
    try sandbox.expectSuccess(
      "group", "create", "balances", "--schema-from", "balances.csv", "--record-id", "customer_id",
      "--event-time", "event_time", "--created-time", "known_at", "--deleted", "is_deleted",
      "--type", "customer_id=int64", "--type", "utilisation=float64", "--ttl", "30d")
    let shown = try sandbox.expectSuccess("group", "show", "balances").output
    #expect(shown.contains("utilisation  float64"))
    #expect(shown.contains("status       utf8"))
    let missing = try sandbox.run(
      "group", "create", "other", "--schema-from", "balances.csv", "--record-id", "customer",
      "--event-time", "event_time")
    #expect(missing.code == 1 && missing.messages.contains("customer"))
  }
}

import Testing

@Suite("Ingest on the command line")
struct IngestTests {
  @Test("CSV: empty is null, quoted empty is text, a null deleted flag is false")
  func csv() throws {
    let sandbox = try Sandbox.withBalances()
    let history = try sandbox.expectSuccess("history", "balances", "2", "--json").output
    #expect(history.contains("\"status\": \"\""))
    #expect(history.contains("\"deleted\": true"))
    let third = try sandbox.expectSuccess("history", "balances", "3", "--json").output
    #expect(third.contains("\"utilisation\": null"))
    let first = try sandbox.expectSuccess("history", "balances", "1", "--json").output
    #expect(first.contains("\"limit\": \"1500.50\""))
    #expect(!first.contains("\"deleted\": true"))
  }

  @Test("a text of the user's choice is null")
  func nullText() throws {
    let sandbox = try Sandbox.withBalances(rows: false)
    let row = "1,2024-01-01T00:00:00Z,NA,NA,NA,NA,\"NA\"\n"
    try sandbox.write(Balances.header + row, to: "na.csv")
    #expect(try sandbox.run("ingest", "balances", "na.csv").code == 1)
    try sandbox.expectSuccess("ingest", "balances", "na.csv", "--null", "NA")
    let history = try sandbox.expectSuccess("history", "balances", "1", "--json").output
    #expect(history.contains("\"utilisation\": null") && history.contains("\"status\": \"NA\""))
  }

  @Test("the same rows from JSON lines, and through standard input")
  func jsonLines() throws {
    let sandbox = try Sandbox.withBalances(rows: false)
    let row = """
      {"customer_id": 7, "event_time": "2024-01-01T00:00:00Z", "known_at": null, \
      "is_deleted": null, "utilisation": 0.5, "limit": "12.25", "status": "a\\"b"}

      """
    try sandbox.write(row, to: "rows.jsonl")
    try sandbox.expectSuccess("ingest", "balances", "rows.jsonl")
    let piped = try sandbox.run("ingest", "balances", "-", "--format", "jsonl", input: row)
    #expect(piped.code == 0, "\(piped.messages)")
    let history = try sandbox.expectSuccess("history", "balances", "7", "--json").output
    #expect(history.contains("\"limit\": \"12.25\"") && history.contains("\"status\": \"a\\\"b\""))
    #expect(history.components(separatedBy: "\"commit\"").count == 3)
  }

  @Test("rows that nobody knows the created time of are counted; null and empty look different")
  func neverKnown() throws {
    let sandbox = try Sandbox.withBalances(rows: false)
    let rows =
      "1,2024-01-01T00:00:00Z,,,,1.00,\"\"\n2,2024-01-01T00:00:00Z,2024-01-01,,1,1.00,null\n"
    try sandbox.write(Balances.header + rows, to: "rows.csv")
    let outcome = try sandbox.expectSuccess("ingest", "balances", "rows.csv")
    #expect(outcome.output.contains("note: 1 row without known_at"))
    #expect(try sandbox.expectSuccess("history", "balances", "1").output.contains("1.00  \"\""))
    #expect(try sandbox.expectSuccess("history", "balances", "1").output.contains("null"))
    #expect(try sandbox.expectSuccess("history", "balances", "2").output.contains("\"null\""))
  }

  @Test("several files are one commit, in the order given")
  func severalFiles() throws {
    let sandbox = try Sandbox.withBalances(rows: false)
    let time = "2024-01-01T00:00:00Z"
    for (name, status) in [("a", "first"), ("b", "second")] {
      try sandbox.write(
        Balances.header + "1,\(time),\(time),,1,1.00,\(status)\n", to: name + ".csv")
    }
    try sandbox.expectSuccess("ingest", "balances", "b.csv", "a.csv")
    let answer = try sandbox.expectSuccess("get", "balances", "1", "--as-of", time).output
    #expect(answer.contains("\"status\":\"first\""))
    #expect(try sandbox.expectSuccess("snapshots").lines.count == 4)
  }

  @Test("a batch id makes an ingest idempotent")
  func batchID() throws {
    let sandbox = try Sandbox.withBalances(rows: false)
    try sandbox.expectSuccess("ingest", "balances", "balances.csv", "--batch-id", "day-1")
    let dry = try sandbox.expectSuccess(
      "ingest", "balances", "balances.csv", "--batch-id", "day-1", "--dry-run")
    #expect(dry.output == "This batch is in balances already, since commit 3.\n")
    let before = try sandbox.fingerprint()
    let again = try sandbox.expectSuccess(
      "ingest", "balances", "balances.csv", "--batch-id", "day-1", "--json")
    #expect(again.output.contains("\"repetition\": true") && again.output.contains("\"commit\": 3"))
    #expect(try sandbox.fingerprint() == before)
  }

  @Test("a dry run reads everything and commits nothing")
  func dryRun() throws {
    let sandbox = try Sandbox.withBalances(rows: false)
    let before = try sandbox.fingerprint()
    let outcome = try sandbox.expectSuccess("ingest", "balances", "balances.csv", "--dry-run")
    #expect(outcome.output.contains("Dry run: 6 rows would go into balances"))
    #expect(try sandbox.fingerprint() == before)
  }

  @Test("bad rows are set aside with their reasons, the rest is committed")
  func rejects() throws {
    let sandbox = try Sandbox.withBalances(rows: false)
    let bad = """
      ,2024-01-01T00:00:00Z,2024-01-01T00:00:00Z,,1,1.00,no id
      4,,2024-01-01T00:00:00Z,,1,1.00,no time
      5,2024-01-01T00:00:00Z,2024-01-01T00:00:00Z,,abc,1.00,no number

      """
    try sandbox.write(Balances.header + Balances.rows + bad, to: "mixed.csv")
    let outcome = try sandbox.expectSuccess(
      "ingest", "balances", "mixed.csv", "--rejects", "bad.csv")
    #expect(outcome.output.contains("6 rows into balances"))
    #expect(outcome.output.contains("3 rows rejected"))
    let rejected = try sandbox.read("bad.csv")
    #expect(rejected.contains("reject_reason") && rejected.contains("no number"))
    #expect(rejected.contains("can't be a record identifier"))
    #expect(rejected.contains("can't be an event time"))
    #expect(try sandbox.expectSuccess("history", "balances", "5").output.contains("No version"))
    // Without bad rows nothing of an earlier run is left in the file; none is made.
    try sandbox.write(Balances.header + Balances.rows, to: "good.csv")
    for name in ["bad.csv", "none.csv"] {
      try sandbox.expectSuccess("ingest", "balances", "good.csv", "--rejects", name)
    }
    #expect(try sandbox.read("bad.csv").split(separator: "\n").count == 1)
    #expect(throws: (any Error).self) { try sandbox.read("none.csv") }
  }

  @Test("columns that the group does not have are ignored with a note")
  func extraColumns() throws {
    let sandbox = try Sandbox.withBalances(rows: false)
    let row = "9,1,2024-01-01T00:00:00Z,2024-01-01T00:00:00Z,,1,1.00,x\n"
    try sandbox.write("extra," + Balances.header + row, to: "extra.csv")
    let outcome = try sandbox.expectSuccess("ingest", "balances", "extra.csv")
    #expect(outcome.output.contains("ignored 'extra'"))
  }

  @Test("integer times need a unit, and then are exact")
  func integerTimes() throws {
    let sandbox = try Sandbox.withBalances(rows: false)
    try sandbox.write(Balances.header + "1,1704067200,1704067200,,1,1.00,x\n", to: "t.csv")
    let refused = try sandbox.run("ingest", "balances", "t.csv")
    #expect(refused.code == 1, "\(refused.output)")
    try sandbox.expectSuccess("ingest", "balances", "t.csv", "--time-unit", "s")
    let history = try sandbox.expectSuccess("history", "balances", "1")
    #expect(history.output.contains("2024-01-01T00:00:00Z"))
  }

  @Test("sets are kept sorted and unique")
  func sets() throws {
    let sandbox = try Sandbox()
    try sandbox.expectSuccess("init")
    let yaml = """
      groups:
        - name: tags
          record_identifiers: {id: utf8}
          event_time: t
          features: {seen: "set[int64]", words: "list[utf8]", v: "vector[2]"}
      """
    try sandbox.write(yaml, to: "g.yaml")
    try sandbox.expectSuccess("apply", "g.yaml")
    let row =
      #"{"id": "a", "t": "2024-01-01", "seen": [3, 1, 3], "words": ["x", null], "v": [1.5, -0.0]}"#
    try sandbox.write(row + "\n", to: "r.jsonl")
    try sandbox.expectSuccess("ingest", "tags", "r.jsonl")
    let answer = try sandbox.expectSuccess("get", "tags", "a").output
    #expect(answer.contains(#""seen":[1,3]"#))
    #expect(answer.contains(#""words":["x",null]"#))
    #expect(answer.contains(#""v":[1.5,-0.0]"#))
  }

  @Test("a column of nothing but nulls fits every type")
  func nullTypes() throws {
    let sandbox = try Sandbox.withBalances(rows: false)
    let script = """
      import pyarrow as pa, pyarrow.parquet as pq
      n = pa.nulls(1)
      pq.write_table(pa.table({"customer_id": pa.array([1]), "event_time": ["2024-01-01"],
        "known_at": n, "is_deleted": n, "utilisation": n, "limit": n, "status": n}), "n.parquet")
      """
    try sandbox.write(script, to: "make.py")
    let python = Sandbox.root.appending(path: ".venv/bin/python").path
    guard try sandbox.shell("\(python) make.py").code == 0 else {
      print("SKIPPED: .venv has no pyarrow; 'make setup' puts it there")
      return
    }
    let outcome = try sandbox.run("ingest", "balances", "n.parquet")
    #expect(outcome.code == 0, "\(outcome.messages)")
    let history = try sandbox.expectSuccess("history", "balances", "1", "--json").output
    #expect(history.contains("\"limit\": null") && history.contains("\"created_time\": null"))
  }

  @Test("an input without rows commits nothing and is no failure")
  func noRows() throws {
    let sandbox = try Sandbox.withBalances(rows: false)
    let before = try sandbox.fingerprint()
    try sandbox.write(Balances.header, to: "none.csv")
    let outcome = try sandbox.expectSuccess("ingest", "balances", "none.csv")
    #expect(outcome.output.contains("nothing was committed"))
    #expect(try sandbox.fingerprint() == before)
  }
}

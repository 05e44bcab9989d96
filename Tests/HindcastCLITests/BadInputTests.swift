import Foundation
import Testing

/// Every mistake of the data gives a clear message and exit code 1, and leaves the store as it was.
@Suite("Bad input on the command line")
struct BadInputTests {
  private static let good = "2024-01-01T00:00:00Z"

  @Test(
    "rows that can't be taken in",
    arguments: [
      (",\(good),,,1,1.00,x", "row 2, column \"customer_id\": null can't be a record identifier"),
      ("1,,,,1,1.00,x", "row 2, column \"event_time\": null can't be an event time"),
      ("abc,\(good),,,1,1.00,x", "column \"customer_id\""),
      ("1.0,\(good),,,1,1.00,x", "column \"customer_id\""),
      ("99999999999999999999,\(good),,,1,1.00,x", "column \"customer_id\""),
      ("1,2024-13-01T00:00:00Z,,,1,1.00,x", "column \"event_time\""),
      ("1,2024-01-01T00:00:00,,,1,1.00,x", "UTC offset"),
      ("1,2024-01-01T00:00:60Z,,,1,1.00,x", "second over 59"),
      ("1,2024-01-01T24:00:00Z,,,1,1.00,x", "24:00"),
      ("1,2024-01-01T00:00:00.0000001Z,,,1,1.00,x", "column \"event_time\""),
      ("1,\(good),,,abc,1.00,x", "column \"utilisation\""),
      ("1,\(good),,,1,1.005,x", "column \"limit\""),
      ("1,\(good),,maybe,1,1.00,x", "column \"is_deleted\""),
    ])
  func badRow(row: String, message: String) throws {
    let sandbox = try Sandbox.withBalances()
    let before = try sandbox.fingerprint()
    let text = Balances.header + "5,\(Self.good),,,1,1.00,x\n" + row + "\n"
    try sandbox.write(text, to: "bad.csv")
    let outcome = try sandbox.run("ingest", "balances", "bad.csv")
    #expect(outcome.code == 1)
    #expect(outcome.messages.contains("bad.csv: row 2"), "\(outcome.messages)")
    #expect(outcome.messages.contains(message), "\(outcome.messages)")
    #expect(outcome.messages.contains("1 row can't be taken in, and nothing was committed"))
    #expect(try sandbox.fingerprint() == before)
  }

  @Test("a CSV row that is too long is told by the row before it")
  func longRow() throws {
    let sandbox = try Sandbox.withBalances()
    let long = String(repeating: "x", count: 3 << 20)
    let rows = "5,\(Self.good),,,1,1.00,x\n6,\(Self.good),,,1,1.00,\(long)\n"
    try sandbox.write(Balances.header + rows, to: "long.csv")
    let outcome = try sandbox.run("ingest", "balances", "long.csv")
    #expect(outcome.code == 1)
    #expect(
      outcome.messages.contains("long.csv: a row after row 1 takes more than 1 MiB"),
      "\(outcome.messages)")
  }

  @Test("a value of over 64 MiB is a bad row")
  func largeValue() throws {
    let sandbox = try Sandbox.withBalances()
    let large = String(repeating: "x", count: 64 << 20 + 1)
    let rows = ["a", large, "c"].enumerated().map { index, text in
      "{\"customer_id\":\(index),\"event_time\":\"\(Self.good)\",\"status\":\"\(text)\"}\n"
    }
    try sandbox.write(rows.joined(), to: "large.jsonl")
    let outcome = try sandbox.run("ingest", "balances", "large.jsonl")
    #expect(outcome.code == 1)
    #expect(
      outcome.messages.contains(
        "row 2, column \"status\": 'xxxxxxxxxxxxxxxxxxxx...' takes more than 64 MiB"),
      "\(outcome.messages.prefix(2_000))")
  }

  @Test("a record identifier of over 64 KiB is a bad row")
  func longIdentifier() throws {
    let sandbox = try Sandbox()
    let long = String(repeating: "i", count: 64 << 10)
    try sandbox.write("id,t\n\(long),\(Self.good)\nshort,\(Self.good)\n", to: "ids.csv")
    try sandbox.expectSuccess("init")
    try sandbox.expectSuccess(
      "group", "create", "g", "--schema-from", "ids.csv", "--record-id", "id", "--event-time", "t")
    let outcome = try sandbox.run("ingest", "g", "ids.csv")
    #expect(outcome.code == 1)
    #expect(
      outcome.messages.contains(
        "row 1, column \"id\": 'iiiiiiiiiiiiiiiiiiii...' takes more than 64 KiB"),
      "\(outcome.messages)")
    let rest = try sandbox.expectSuccess("ingest", "g", "ids.csv", "--rejects", "bad.csv")
    #expect(rest.output == "1 row into g in commit 3, 1 row rejected.\n")
  }

  @Test("control characters of the input do not reach the terminal")
  func controlCharacters() throws {
    let sandbox = try Sandbox.withBalances()
    let row = "\u{1B}[31m\u{202E}1,\(Self.good),,,1,1.00,x\n"
    try sandbox.write(Balances.header + row, to: "red.csv")
    let outcome = try sandbox.run("ingest", "balances", "red.csv")
    #expect(outcome.code == 1)
    #expect(outcome.messages.contains("'\\u{1B}[31m\\u{202E}1'"), "\(outcome.messages)")
    #expect(!outcome.messages.unicodeScalars.contains { $0 == "\u{1B}" || $0 == "\u{202E}" })
  }

  @Test("only the first ten bad rows are shown, all are counted")
  func manyBadRows() throws {
    let sandbox = try Sandbox.withBalances()
    let rows = (0..<25).map { _ in ",\(Self.good),,,1,1.00,x\n" }.joined()
    try sandbox.write(Balances.header + rows, to: "bad.csv")
    let outcome = try sandbox.run("ingest", "balances", "bad.csv")
    #expect(outcome.messages.contains("25 rows can't be taken in"))
    #expect(outcome.messages.components(separatedBy: "be a record identifier").count == 11)
  }

  @Test("a good file before a bad one is not committed either")
  func allOrNothing() throws {
    let sandbox = try Sandbox.withBalances(rows: false)
    let before = try sandbox.fingerprint()
    try sandbox.write(Balances.header + ",,,,,,\n", to: "bad.csv")
    let outcome = try sandbox.run("ingest", "balances", "balances.csv", "bad.csv")
    #expect(outcome.code == 1)
    #expect(try sandbox.fingerprint() == before)
  }

  @Test("label times without a common unit are refused, however many labels a chunk has")
  func labelTimesWithoutCommonUnit() throws {
    let sandbox = try Sandbox.withBalances()
    let (fine, far) = ("2024-01-01T00:00:00.123456789Z", "2999-01-01T00:00:00Z")
    let between = String(repeating: "1,\(Self.good)\n", count: 20_000)
    for labels in [
      "1,\(fine)\n1,\(far)\n", "1,\(fine)\n\(between)1,\(far)\n",
      "1,\(far)\n\(between)1,\(fine)\n",
    ] {
      try sandbox.write("customer_id,t\n" + labels, to: "labels.csv")
      for memory in ["1MB", "1GB"] {
        let outcome = try sandbox.run(
          "build", "--labels", "labels.csv", "--label-time", "t", "--features", "balances",
          "--memory", memory, "--output", "train.csv")
        #expect(outcome.code == 1)
        #expect(outcome.messages.contains("\"t\""), "\(outcome.messages)")
        #expect(!sandbox.has("train.csv"))
      }
    }
  }

  @Test("files that can't be read")
  func badFiles() throws {
    let sandbox = try Sandbox.withBalances()
    let before = try sandbox.fingerprint()
    try sandbox.write("", to: "empty.csv")
    try sandbox.write("customer_id,event_time\n1,2024-01-01\n", to: "columns.csv")
    try sandbox.write(Balances.header + "1,2,3\n", to: "ragged.csv")
    try sandbox.write("PAR1 and then nothing of a Parquet file PAR1", to: "broken.parquet")
    try sandbox.write("{\"customer_id\": \n", to: "broken.jsonl")
    try sandbox.shell("mkdir folder.csv")
    let cases = [
      ("empty.csv", "empty"), ("columns.csv", "'utilisation' (a feature)"),
      ("ragged.csv", "ragged.csv"), ("broken.parquet", "broken.parquet"),
      ("broken.jsonl", "broken.jsonl"), ("folder.csv", "folder.csv"), ("none.csv", "no such file"),
    ]
    for (file, message) in cases {
      let outcome = try sandbox.run("ingest", "balances", file)
      #expect(outcome.code == 1, "\(file)")
      #expect(outcome.messages.contains(message), "\(outcome.messages)")
    }
    #expect(try sandbox.fingerprint() == before)
  }

  @Test("a truncated Parquet file")
  func truncatedParquet() throws {
    let sandbox = try Sandbox.withBalances()
    let build = try sandbox.run(
      "build", "--labels", "labels.csv", "--label-time", "label_time", "--features", "balances",
      "--output", "t.parquet")
    #expect(build.code == 0, "\(build.messages)")
    let whole = try Data(contentsOf: sandbox.folder.appending(path: "t.parquet"))
    let before = try sandbox.fingerprint()
    for length in [4, whole.count / 2, whole.count - 1] {
      try whole.prefix(length).write(to: sandbox.folder.appending(path: "cut.parquet"))
      let outcome = try sandbox.run("ingest", "balances", "cut.parquet")
      #expect(outcome.code == 1 && outcome.messages.contains("cut.parquet"))
    }
    #expect(try sandbox.fingerprint() == before)
  }

  @Test("requests that name what is not there, or collide")
  func badRequests() throws {
    let sandbox = try Sandbox.withBalances()
    let cases: [([String], String)] = [
      (["balancs"], "did you mean 'balances'"),
      (["balances:utilization"], "no feature 'utilization'"),
      (["balances:status", "b=balances:status"], "--names full"),
      (["balances:status,status"], "asked for twice"),
      (["bal__ances=balances"], "'__'"),
      (["balances", "--key", "balances:customer=x"], "no record identifier"),
      (["balances", "--key", "balances:customer_id=x"], "no column \"x\""),
      (["b=balances", "--key", "b:customer_id=x"], "by --key b:customer_id=COL"),
      (["balances", "--key", "balances:customer_id=application"], "application"),
      (["balances", "--snapshot", "99"], "no snapshot 99"),
    ]
    for (features, message) in cases {
      let outcome = try sandbox.run(
        ["build", "--labels", "labels.csv", "--label-time", "label_time", "--output", "t.csv"]
          + ["--features"] + features)
      #expect(outcome.code == 1, "\(features)")
      #expect(outcome.messages.contains(message), "\(outcome.messages)")
      #expect(!sandbox.has("t.csv") && !sandbox.has("t.csv.manifest.json"))
    }
  }

  @Test("labels that can't be used")
  func badLabels() throws {
    let sandbox = try Sandbox.withBalances()
    try sandbox.write("customer_id,status\n1,x\n", to: "collide.csv")
    try sandbox.write("customer_id,t\n1,yesterday\n", to: "time.csv")
    try sandbox.write("customer_id,t\nabc,2024-01-01\n", to: "key.csv")
    try sandbox.write("customer_id,t\n1,1704067200\n", to: "unit.csv")
    let cases = [
      ("labels.csv", "when", "no column \"when\""), ("time.csv", "t", "yesterday"),
      ("key.csv", "t", "abc"), ("none.csv", "t", "none.csv"), ("unit.csv", "t", "1704067200"),
    ]
    for (file, time, message) in cases {
      let outcome = try sandbox.run(
        "build", "--labels", file, "--label-time", time, "--features", "balances:status",
        "--output", "t.csv")
      #expect(outcome.code == 1, "\(file)")
      #expect(outcome.messages.contains(message), "\(outcome.messages)")
      #expect(!sandbox.has("t.csv"))
    }
  }

  @Test("a format that no name tells: the message names the option")
  func unknownFormats() throws {
    let sandbox = try Sandbox.withBalances()
    try sandbox.write("?", to: "odd.xyz")
    let build = ["build", "--label-time", "label_time", "--features", "balances", "--labels"]
    let cases: [([String], String)] = [
      (["ingest", "balances", "odd.xyz"], "--format"),
      (["delete", "balances", "--from", "odd.xyz", "--event-time", "2024-01-01"], "--format"),
      (build + ["odd.xyz", "--output", "t.csv"], "--labels-format"),
      (build + ["labels.csv", "--output", "t.xyz"], "--output-format"),
      (
        ["latest", "--ids", "odd.xyz", "--features", "balances", "--output", "t.csv"],
        "--ids-format"
      ),
    ]
    for (arguments, option) in cases {
      let outcome = try sandbox.run(arguments)
      #expect(outcome.code == 1)
      #expect(outcome.messages.contains("say it with \(option): "), "\(outcome.messages)")
    }
  }

  @Test("with --json a failure is one JSON object on standard error")
  func failuresAsJSON() throws {
    let sandbox = try Sandbox.withBalances()
    let cases: [([String], String, Int32)] = [
      (["history", "balancs", "1"], "not_found", 1), (["history", "balances"], "usage", 64),
      (["history", "balances", "1", "--snapshot", "-1"], "usage", 64),
      (["frobnicate"], "usage", 64), (["get", "balances", "x"], "invalid_value", 1),
    ]
    for (arguments, code, exitCode) in cases {
      let outcome = try sandbox.run(arguments + ["--json"])
      #expect(outcome.code == exitCode && outcome.output.isEmpty)
      let text = Data(outcome.messages.utf8)
      let document = try #require(try JSONSerialization.jsonObject(with: text) as? [String: String])
      #expect(document["error"] == code && document["message"]?.isEmpty == false)
    }
  }

  @Test("zero labels are an empty training set")
  func zeroLabels() throws {
    let sandbox = try Sandbox.withBalances()
    try sandbox.write("customer_id,label_time\n", to: "zero.csv")
    let outcome = try sandbox.run(
      "build", "--labels", "zero.csv", "--label-time", "label_time", "--features",
      "balances:status", "--output", "t.csv")
    #expect(outcome.code == 0, "\(outcome.messages)")
    #expect(try sandbox.read("t.csv").split(separator: "\n").count == 1)
  }
}

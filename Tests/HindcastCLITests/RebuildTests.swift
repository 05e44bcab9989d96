import Testing

@Suite("Training sets built again from their manifests")
struct RebuildTests {
  private static let build = [
    "build", "--labels", "labels.csv", "--label-time", "label_time", "--features",
    "held=balances:utilisation,status", "balances:limit", "--max-age", "held=12d", "--delay",
    "held=1h", "--strict", "balances", "--known-late", "balances", "--names", "full",
    "--with-event-times",
  ]

  /// A set, `train.csv`, and then a correction of what it was built from.
  private func makeCorrected() throws -> Sandbox {
    let sandbox = try Sandbox.withBalances()
    try sandbox.expectSuccess(Self.build + ["--output", "train.csv"])
    try sandbox.write(
      Balances.header + "1,2024-01-01T00:00:00Z,2024-01-01T00:00:00Z,,9,9.00,other\n",
      to: "more.csv")
    try sandbox.expectSuccess("ingest", "balances", "more.csv")
    return sandbox
  }

  @Test("the same set, byte by byte, whatever came since")
  func identical() throws {
    let sandbox = try makeCorrected()
    try sandbox.expectSuccess("group", "update", "balances", "--rename", "status=state")
    try sandbox.expectSuccess("compact", "balances", "--full")
    let outcome = try sandbox.expectSuccess(
      "rebuild", "train.csv.manifest.json", "--labels", "labels.csv", "--output", "again.csv")
    #expect(outcome.output.contains("Identical: labels, counts, certificates and values"))
    let json = try sandbox.expectSuccess(
      "rebuild", "train.csv", "--labels", "labels.csv", "--output", "third.csv", "--json")
    for member in ["\"passes\": true", "\"label_differences\": []", "\"value_differences\": []"] {
      #expect(json.output.contains(member), "\(json.output)")
    }
    try sandbox.shell("cp train.csv.manifest.json kept.json")
    try sandbox.expectSuccess(
      "rebuild", "kept.json", "--labels", "labels.csv", "--output", "again.csv")
    for ending in ["", ".manifest.json"] {
      #expect(try sandbox.read("again.csv" + ending) == sandbox.read("train.csv" + ending))
    }
  }

  @Test("on another snapshot it is a new set by the same request")
  func later() throws {
    let sandbox = try makeCorrected()
    let outcome = try sandbox.expectSuccess(
      "rebuild", "train.csv", "--as-known", "now", "--labels", "labels.csv", "--output", "b.csv")
    #expect(outcome.output.contains("snapshot 4"))
    #expect(
      outcome.output.contains("Before, on snapshot 3: other values.\n  the values are not"))
    try sandbox.expectSuccess(Self.build + ["--output", "c.csv"])
    #expect(try sandbox.read("b.csv.manifest.json") == sandbox.read("c.csv.manifest.json"))
  }

  @Test("a set of the online view is built again, too")
  func latest() throws {
    let sandbox = try Sandbox.withBalances()
    try sandbox.expectSuccess(
      "latest", "--ids", "labels.csv", "--features", "balances:status", "--as-of",
      "2024-01-12T00:00:00Z", "--output", "scores.csv")
    try sandbox.expectSuccess(
      "rebuild", "scores.csv", "--labels", "labels.csv", "--output", "again.csv")
    #expect(try sandbox.read("again.csv") == sandbox.read("scores.csv"))
  }

  @Test("what differs is named, and the exit code is 1")
  func differences() throws {
    let sandbox = try Sandbox.withBalances()
    try sandbox.expectSuccess(Self.build + ["--output", "train.csv"])
    let cases = [
      (String(Balances.labels.dropLast(1)) + "\ni,1,2024-01-31T00:00:00Z\n", "9 labels, not 8"),
      (
        Balances.labels.replacingOccurrences(of: "b,1,", with: "x,1,"),
        "label column application has other values"
      ),
      (
        Balances.labels.replacingOccurrences(of: "application", with: "loan"),
        "the label columns are loan, customer_id, label_time"
      ),
    ]
    for (labels, message) in cases {
      try sandbox.write(labels, to: "other.csv")
      let outcome = try sandbox.run(
        "rebuild", "train.csv", "--labels", "other.csv", "--output", "again.csv")
      #expect(outcome.code == 1)
      #expect(outcome.output.contains("NOT IDENTICAL"))
      #expect(outcome.output.contains(message), "\(outcome.output)\(outcome.messages)")
    }
    let rows = Balances.labels.split(separator: "\n").dropFirst().enumerated().map { index, line in
      let cells = line.split(separator: ",", omittingEmptySubsequences: false)
      let customer = cells[1].isEmpty ? "null" : String(cells[1])
      return "{\"application\": \(index), \"customer_id\": \(customer), "
        + "\"label_time\": \"\(cells[2])\"}\n"
    }
    try sandbox.write(rows.joined(), to: "other.jsonl")
    let typed = try sandbox.run(
      "rebuild", "train.csv", "--labels", "other.jsonl", "--output", "again.csv")
    #expect(typed.code == 1)
    #expect(typed.output.contains("label column application is int64, not utf8"), "\(typed)")
    let anew = try sandbox.expectSuccess(
      "rebuild", "train.csv", "--labels", "other.csv", "--output", "again.csv", "--snapshot", "2")
    #expect(anew.output.contains("Before, on snapshot 3: other labels."), "\(anew.output)")
    try sandbox.expectSuccess("delete", "balances", "1", "--erase")
    let outcome = try sandbox.run(
      "rebuild", "train.csv", "--labels", "labels.csv", "--output", "again.csv", "--json")
    #expect(outcome.code == 1)
    #expect(outcome.output.contains("\"passes\": false"))
    #expect(outcome.messages.contains("records were erased from this snapshot"))
  }

  @Test("what can't be built again is refused, and nothing is written")
  func refusals() throws {
    let sandbox = try Sandbox.withBalances()
    try sandbox.expectSuccess(Self.build + ["--output", "train.csv"])
    let manifest = try sandbox.read("train.csv.manifest.json")
    try sandbox.write(
      manifest.replacingOccurrences(of: "\"snapshot\" : 3", with: "\"snapshot\" : 9"),
      to: "later.manifest.json")
    try sandbox.write(
      manifest.replacingOccurrences(of: "\"delay\" : \"1h\"", with: "\"delay\" : \"soon\""),
      to: "edited.manifest.json")
    try sandbox.expectSuccess("init", "other")
    let cases: [([String], String)] = [
      (["train.csv", "--output", "train.csv"], "would replace the request file"),
      (["nowhere", "--output", "a.csv"], "nowhere: there is no such manifest"),
      (["later", "--output", "a.csv"], "9"),
      (["edited", "--output", "a.csv"], "edited.manifest.json: the manifest's duration 'soon'"),
      (["train.csv", "--output", "a.csv", "--store", "other"], "was built from store"),
      (["train.csv", "--output", "a.csv", "--labels", "train.csv"], "not the set itself"),
    ]
    for (arguments, message) in cases {
      let labels = arguments.contains("--labels") ? [] : ["--labels", "labels.csv"]
      let outcome = try sandbox.run(["rebuild"] + arguments + labels)
      #expect(outcome.code == 1)
      #expect(outcome.messages.contains(message), "\(arguments): \(outcome.messages)")
      #expect(!sandbox.has("a.csv"))
    }
    try sandbox.expectSuccess("ingest", "balances", "balances.csv")
    try sandbox.expectSuccess("snapshots", "expire", "--keep-last", "1")
    let gone = try sandbox.run(
      "rebuild", "train.csv", "--labels", "labels.csv", "--output", "a.csv")
    #expect(gone.code == 1 && gone.messages.contains("was expired by"), "\(gone.messages)")
    #expect(gone.messages.contains("with --snapshot or --as-known"), "\(gone.messages)")
    try sandbox.expectSuccess(
      "rebuild", "train.csv", "--labels", "labels.csv", "--output", "a.csv", "--snapshot", "4")
  }
}

import Foundation
import Testing

@Suite("Snapshots")
struct SnapshotsTests {
  /// Snapshot 3 has the first rows, 4 is named `first` for 3, 5 has a row more.
  private static func sandbox() throws -> Sandbox {
    let sandbox = try Sandbox.withBalances()
    try sandbox.expectSuccess("snapshots", "tag", "3", "first")
    try sandbox.write(
      Balances.header + "1,2024-01-11T00:00:00Z,2024-01-11T00:00:00Z,false,0.9,1000.00,new\n",
      to: "late.csv")
    try sandbox.expectSuccess("ingest", "balances", "late.csv")
    return sandbox
  }

  private static func build(_ output: String, _ more: String...) -> [String] {
    [
      "build", "--labels", "labels.csv", "--label-time", "label_time", "--features",
      "balances:utilisation", "--output", output,
    ] + more
  }

  private func manifest(_ sandbox: Sandbox, _ output: String) throws -> [String: Any] {
    let data = Data(try sandbox.read(output + ".manifest.json").utf8)
    return try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
  }

  /// The times of the snapshots, by number from 1.
  private func times(_ sandbox: Sandbox) throws -> [String] {
    let data = Data(try sandbox.expectSuccess("snapshots", "--json").output.utf8)
    let list = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
    let snapshots = try #require(list["snapshots"] as? [[String: Any]])
    return snapshots.compactMap { $0["time"] as? String }
  }

  @Test("a name, a number and a time lead to the same snapshot")
  func selectors() throws {
    let sandbox = try Self.sandbox()
    let times = try times(sandbox)
    #expect(try sandbox.expectSuccess("snapshots").lines[3].contains(times[2]))
    let ways = [["--snapshot", "3"], ["--snapshot", "first"], ["--as-known", times[2]]]
    for (index, way) in ways.enumerated() {
      let outcome = try sandbox.run(Self.build("\(index).csv") + way)
      #expect(outcome.code == 0, "\(outcome.messages)")
      #expect(try manifest(sandbox, "\(index).csv")["snapshot"] as? Int == 3)
      #expect(try sandbox.read("\(index).csv") == sandbox.read("0.csv"))
      #expect(
        try sandbox.read("\(index).csv.manifest.json") == sandbox.read("0.csv.manifest.json"))
    }
    try sandbox.expectSuccess("audit", "1.csv")
    #expect(try sandbox.run(Self.build("now.csv", "--as-known", "now")).code == 0)
    #expect(try manifest(sandbox, "now.csv")["snapshot"] as? Int == 5)
    #expect(try sandbox.read("now.csv") != sandbox.read("0.csv"))
    for way in ways {
      let get = try sandbox.run(
        ["get", "balances", "1", "--as-of", "2024-01-11", "--features", "utilisation"] + way)
      #expect(get.output.contains("0.25"), "\(get.output)")
      #expect(try sandbox.run(["history", "balances", "1"] + way).lines.count == 4)
      try sandbox.write("customer_id\n1\n", to: "ids.csv")
      let latest = try sandbox.run(
        [
          "latest", "--ids", "ids.csv", "--features", "balances:utilisation", "--as-of",
          "2024-01-11", "--output", "-", "--output-format", "csv",
        ] + way)
      #expect(latest.output.contains("0.25"), "\(latest.output)")
    }
    #expect(try sandbox.run("history", "balances", "1").lines.count == 5)
  }

  @Test("what names no snapshot is refused, with what to do")
  func refusals() throws {
    let sandbox = try Self.sandbox()
    let before = try sandbox.fingerprint()
    let cases: [([String], Int32, String)] = [
      (["history", "balances", "1", "--snapshot", "firs"], 1, "did you mean 'first'?"),
      (["history", "balances", "1", "--snapshot", "6"], 1, "snapshots 1 to 5"),
      (["history", "balances", "1", "--snapshot", "5a"], 64, "neither a number nor a name"),
      (["history", "balances", "1", "--snapshot", ""], 64, "neither a number nor a name"),
      (
        ["history", "balances", "1", "--snapshot", "3", "--as-known", "now"], 64,
        "--snapshot and --as-known"
      ),
      (["history", "balances", "1", "--as-known", "2001-01-01"], 1, "knew nothing at 2001-01-01"),
      (["history", "balances", "1", "--as-known", "yesterday"], 64, "yesterday"),
      (["snapshots", "tag", "3", "7"], 1, "'7' can't name a snapshot"),
      (["snapshots", "tag", "3", "latest"], 1, "'latest' can't name a snapshot"),
      (["snapshots", "tag", "3", "Now"], 1, "'Now' can't name a snapshot"),
      (["snapshots", "tag", "99", "last"], 1, "snapshots 1 to 5"),
      (["snapshots", "tag", "5", "first"], 1, "snapshot 3 has the name 'first'"),
      (["snapshots", "untag", "last"], 1, "there is no snapshot 'last'"),
      (["snapshots", "expire"], 64, "--older-than 30d"),
      (["snapshots", "expire", "--keep-last", "0"], 64, "at least the last"),
      (["snapshots", "expire", "--keep-last", "1", "--older-than", "1d"], 64, "one of them"),
      (["snapshots", "expire", "--older-than=-1d"], 64, "negative"),
    ]
    for (arguments, code, message) in cases {
      let outcome = try sandbox.run(arguments)
      #expect(outcome.code == code, "\(arguments): \(outcome.messages)")
      #expect(outcome.messages.contains(message), "\(arguments): \(outcome.messages)")
      #expect(outcome.output.isEmpty)
    }
    #expect(try sandbox.fingerprint() == before)
  }

  @Test("expired snapshots say so, in builds and audits; named ones stay")
  func expiry() throws {
    let sandbox = try Self.sandbox()
    #expect(try sandbox.run(Self.build("named.csv", "--snapshot", "first")).code == 0)
    #expect(try sandbox.run(Self.build("gone.csv", "--snapshot", "4")).code == 0)
    let before = try sandbox.fingerprint()
    let plan = try sandbox.expectSuccess("snapshots", "expire", "--keep-last", "1", "--dry-run")
    #expect(plan.output.hasPrefix("Would expire 3 snapshots (1-2, 4), which would give back"))
    #expect(try sandbox.fingerprint() == before)
    let report = try sandbox.expectSuccess("snapshots", "expire", "--keep-last", "1")
    #expect(report.output.contains("Expired 3 snapshots (1-2, 4)"), "\(report.output)")
    #expect(report.output.contains("Kept: 5 and all after it, and 3 (first)."))
    let list = try sandbox.expectSuccess("snapshots")
    #expect(list.lines.count == 4 && list.lines[1].hasSuffix("first"), "\(list.output)")
    try sandbox.expectSuccess("verify", "--deep")
    try sandbox.expectSuccess("audit", "named.csv")
    #expect(try sandbox.run(Self.build("again.csv", "--snapshot", "first")).code == 0)
    #expect(
      try sandbox.read("again.csv.manifest.json") == sandbox.read("named.csv.manifest.json"))
    let audit = try sandbox.run("audit", "gone.csv", "--json")
    #expect(audit.code == 1 && audit.messages.contains("\"error\":\"expired\""))
    #expect(audit.messages.contains("says nothing against it"), "\(audit.messages)")
    #expect(audit.messages.contains("snapshot 4 was expired by snapshot 6 at 20"))
    let again = try sandbox.expectSuccess("snapshots", "expire", "--keep-last", "2", "--json")
    #expect(again.output.contains("\"commit\": null"))
    let untag = try sandbox.expectSuccess("snapshots", "untag", "first")
    #expect(untag.output.contains("Expired 1 snapshot (3)"), "\(untag.output)")
    #expect(try sandbox.run("audit", "named.csv").messages.contains("can't be audited any more"))
    let tag = try sandbox.run("snapshots", "tag", "3", "back")
    #expect(tag.code == 1 && tag.messages.contains("was expired by snapshot 7"))
  }

  @Test("a difference says which records changed and which labels would get other values")
  func difference() throws {
    let sandbox = try Self.sandbox()
    let request = [
      "--labels", "labels.csv", "--label-time", "label_time", "--features",
      "balances:utilisation,status",
    ]
    let plain = try sandbox.expectSuccess("snapshots", "diff", "first", "5")
    #expect(plain.output.contains("customer_id 1: 1 added"), "\(plain.output)")
    let outcome = try sandbox.run(
      ["snapshots", "diff", "first", "5", "--output", "changed.csv"] + request)
    #expect(outcome.output.contains("8 labels, of which 2 get other values"), "\(outcome.output)")
    #expect(outcome.output.contains("row 1, utilisation: 0.25 -> 0.9"))
    #expect(
      try sandbox.read("changed.csv") == """
        application,customer_id,label_time,label_row,utilisation__old,utilisation__new,\
        status__old,status__new
        "a","1","2024-01-11T00:00:00Z",1,0.25,0.9,"good","new"
        "b","1","2024-01-12T00:00:00Z",2,0.5,0.9,"good","new"

        """)
    // What it says is what two builds say.
    #expect(try sandbox.run(Self.build("old.csv", "--snapshot", "first")).code == 0)
    #expect(try sandbox.run(Self.build("new.csv", "--snapshot", "5")).code == 0)
    let (old, new) = (try sandbox.read("old.csv"), try sandbox.read("new.csv"))
    let differing = zip(old.split(separator: "\n"), new.split(separator: "\n"))
      .enumerated().filter { $0.element.0 != $0.element.1 }.map(\.offset)
    #expect(differing == [1, 2])
    let same = try sandbox.run(["snapshots", "diff", "3", "4", "--json"] + request)
    #expect(same.output.contains("\"groups\": []"))
    #expect(same.output.contains("\"changed_labels\": 0"))
  }

  @Test("the same versions in merged segments are no difference")
  func differenceAfterCompaction() throws {
    let sandbox = try Self.sandbox()
    try sandbox.expectSuccess("compact", "balances", "--full")
    let same = try sandbox.expectSuccess(
      "snapshots", "diff", "5", "6", "--labels", "labels.csv", "--label-time", "label_time",
      "--features", "balances")
    #expect(same.output.contains("Snapshot 5 -> 6: no group differs."), "\(same.output)")
    #expect(same.output.contains("8 labels, of which 0 get other values"))
    let report = try sandbox.expectSuccess("snapshots", "expire", "--keep-last", "1", "--json")
    // The first segment stays for the named snapshot, the second goes.
    #expect(report.output.contains("\"segments\": 1,"), "\(report.output)")
    #expect(try sandbox.run(Self.build("named.csv", "--snapshot", "first")).code == 0)
    #expect(try sandbox.run(Self.build("last.csv")).code == 0)
    try sandbox.expectSuccess("verify", "--deep")
  }

  @Test("renamed, dropped and added features each show once")
  func differenceOfDefinitions() throws {
    let sandbox = try Self.sandbox()
    let limit = "limit: {type: \"decimal128[12, 2]\", description: the agreed limit}"
    let yaml = Balances.yaml.replacing(limit, with: "rank: int32")
      .replacing("status: utf8", with: "state: {type: utf8, renamed_from: status}")
    try sandbox.write(yaml, to: "changed.yaml")
    try sandbox.expectSuccess("apply", "changed.yaml", "--allow-drop")
    let outcome = try sandbox.expectSuccess("snapshots", "diff", "5", "6")
    let changes = outcome.lines.filter { $0.hasPrefix("  ") && $0.contains("features.") }
    #expect(
      changes.sorted() == [
        "  + features.rank: int32", "  - features.limit: decimal128[12, 2]",
        "  ~ features.state.name: status -> state",
      ], "\(outcome.output)")
    #expect(outcome.output.contains("changed                   0               0"))
  }

  @Test("what can't be compared is refused, and nothing is written")
  func differenceRefusals() throws {
    let sandbox = try Self.sandbox()
    try sandbox.write("label_row,customer_id,t\n1,1,2024-01-11\n", to: "taken.csv")
    let labels = ["--labels", "taken.csv", "--label-time", "t", "--features", "balances"]
    let cases: [([String], Int32, String)] = [
      (["3", "99"], 1, "there is no snapshot 99"),
      (["3", "5", "--group", "balnces"], 1, "did you mean 'balances'?"),
      (["3", "5", "--output", "x.csv"], 64, "Name the label file"),
      (["3", "5", "--output", "x.csv"] + labels, 1, "'label_row', which the output needs"),
      (["1", "5", "--output", "x.csv"] + labels, 1, "at snapshot 1: there is no group 'balances'"),
      (["3", "5", "--output", "-"] + labels, 64, "name a file"),
      (["3", "5", "--labels", "-"] + labels.dropFirst(2), 1, "read twice"),
    ]
    for (arguments, code, message) in cases {
      let outcome = try sandbox.run(["snapshots", "diff"] + arguments)
      #expect(outcome.code == code, "\(arguments): \(outcome.messages)")
      #expect(outcome.messages.contains(message), "\(arguments): \(outcome.messages)")
      #expect(!sandbox.has("x.csv"))
    }
  }
}

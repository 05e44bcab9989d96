import Foundation
import Testing

/// Stores that lost something, and copies of those that did not.
@Suite("Repair and backup on the command line")
struct RepairTests {
  private func segments(_ sandbox: Sandbox) throws -> [URL] {
    try FileManager.default.contentsOfDirectory(
      at: sandbox.folder.appending(path: ".hindcast/segments"), includingPropertiesForKeys: nil
    ).sorted { $0.path < $1.path }
  }

  /// Balances twice (snapshots 3 and 4), and another group with a row of its own (snapshot 6).
  private func store() throws -> (sandbox: Sandbox, first: URL) {
    let sandbox = try Sandbox.withBalances()
    let first = try #require(try segments(sandbox).first)
    try sandbox.write(
      Balances.header + "1,2024-01-21T00:00:00Z,2024-01-21T00:00:00Z,false,0.9,1.00,late\n",
      to: "more.csv")
    try sandbox.expectSuccess("ingest", "balances", "more.csv")
    try sandbox.write(
      """
      groups:
        - name: other
          record_identifiers: {id: int64}
          event_time: at
          features: {x: int64}
      """, to: "other.yaml")
    try sandbox.write("id,at,x\n1,2024-01-01,5\n", to: "other.csv")
    try sandbox.expectSuccess("apply", "other.yaml")
    try sandbox.expectSuccess("ingest", "other", "other.csv")
    return (sandbox, first)
  }

  private func damage(_ file: URL) throws {
    var bytes = try Data(contentsOf: file)
    bytes[bytes.count / 2] ^= 0x10
    try bytes.write(to: file)
  }

  @Test("a damaged segment fails what needs it, by name; others work; repair goes on without it")
  func repair() throws {
    let (sandbox, first) = try store()
    let get = ["get", "balances", "1", "--as-of", "2024-02-01T00:00:00Z"]
    #expect(try sandbox.expectSuccess("repair").output == "Nothing to repair.\n")
    let whole = try Data(contentsOf: first)
    try damage(first)
    #expect(try sandbox.run("verify", "--deep").code == 1)
    #expect(try sandbox.expectSuccess("get", "other", "1").output.contains("\"x\":5"))
    let dry = try sandbox.run("repair", "--dry-run")
    #expect(dry.code == 1 && dry.output.contains("lost: 6 versions of 3 records"), "\(dry)")
    #expect(dry.output.contains("2024-01-01T00:00:00Z to 2024-01-20T00:00:00Z"))
    let report = try sandbox.expectSuccess("repair", "--json").output
    #expect(report.contains("\"versions\": 6") && report.contains("\"commit\": 7"), "\(report)")
    #expect(report.contains(first.lastPathComponent))
    let now = try sandbox.run(get)
    #expect(now.code == 0 && now.output.contains("late"))
    #expect(now.messages.contains("warning: balances: answers lack 6 versions"))
    let old = try sandbox.run(get + ["--snapshot", "4"])
    #expect(old.code == 1 && old.messages.contains(first.lastPathComponent))
    let built = try sandbox.expectSuccess(
      "build", "--labels", "labels.csv", "--label-time", "label_time", "--features", "balances",
      "--output", "t.csv")
    #expect((built.output + built.messages).contains("answers lack 6 versions"), "\(built)")
    #expect(try sandbox.read("t.csv.manifest.json").contains("\"quarantined_versions\" : 6"))
    let found = try sandbox.expectSuccess("verify", "--deep").output
    #expect(found.contains("is in quarantine since commit 7"))
    let last = try #require(try sandbox.expectSuccess("snapshots").lines.last)
    #expect(last.contains("quarantine"))
    // Put back from a backup, it serves the snapshots from before.
    try whole.write(to: first)
    let again = try sandbox.expectSuccess("repair").output
    #expect(again.contains("\(first.lastPathComponent) is whole, and stays"), "\(again)")
    #expect(try sandbox.run(get + ["--snapshot", "4"]).code == 0)
  }

  @Test("damage that only older snapshots meet is told by verify and repair alike")
  func olderSnapshots() throws {
    let (sandbox, first) = try store()
    try sandbox.expectSuccess("compact", "balances", "--full")
    try damage(first)
    #expect(try sandbox.run("verify", "--deep").code == 1)
    let outcome = try sandbox.run("repair")
    #expect(outcome.code == 1 && outcome.output.contains("NOT REPAIRED"), "\(outcome)")
    #expect(outcome.output.contains(first.lastPathComponent))
    #expect(outcome.output.contains("only snapshots before 7 need it"))
    try sandbox.expectSuccess("snapshots", "expire", "--older-than", "0s")
    try sandbox.expectSuccess("verify", "--deep")
    #expect(try sandbox.expectSuccess("repair").output == "Nothing to repair.\n")
  }

  @Test("a segment that is not there says what to do")
  func missing() throws {
    let (sandbox, first) = try store()
    try FileManager.default.removeItem(at: first)
    let outcome = try sandbox.run("history", "balances", "1")
    #expect(outcome.code == 1 && outcome.messages.contains(first.lastPathComponent))
    #expect(outcome.messages.contains("hindcast repair"))
    let report = try sandbox.expectSuccess("repair").output
    #expect(report.contains("3 records can't be told any more"), "\(report)")
    #expect(try sandbox.expectSuccess("history", "balances", "1").lines.count == 2)
  }

  @Test("a backup is a store that verifies and answers alike; a full folder is refused")
  func backup() throws {
    let (sandbox, _) = try store()
    let before = try sandbox.fingerprint()
    let report = try sandbox.expectSuccess("backup", "copy", "--json").output
    #expect(report.contains("\"segments\": 3") && report.contains("\"snapshot\": 6"))
    #expect(try sandbox.fingerprint() == before)
    try sandbox.expectSuccess("verify", "--deep", "--store", "copy")
    let history = try sandbox.expectSuccess("history", "balances", "1").output
    let copied = try sandbox.expectSuccess("history", "balances", "1", "--store", "copy").output
    #expect(history == copied)
    let again = try sandbox.run("backup", "copy")
    #expect(again.code == 1 && again.messages.contains("not empty"))
    try sandbox.expectSuccess("backup", "old", "--snapshot", "3")
    let old = try sandbox.expectSuccess("history", "balances", "1", "--store", "old")
    #expect(old.lines.count == 4)
    // What is lost here is there.
    let lost = try #require(try segments(sandbox).first)
    let name = lost.lastPathComponent
    try FileManager.default.removeItem(at: lost)
    #expect(try sandbox.run("verify").code == 1)
    try FileManager.default.copyItem(
      at: sandbox.folder.appending(path: "copy/segments/\(name)"), to: lost)
    try sandbox.expectSuccess("verify", "--deep")
  }

  @Test("records that the list of a repair leaves out are counted")
  func longLists() throws {
    let (sandbox, _) = try store()
    let count = 12_000
    let rows = (0..<count).map { "\($0),2024-01-01,\($0 % 7)\n" }.joined()
    try sandbox.write("id,at,x\n" + rows, to: "many.csv")
    let before = Set(try segments(sandbox))
    try sandbox.expectSuccess("ingest", "other", "many.csv")
    let file = try #require(try segments(sandbox).first { !before.contains($0) })
    let whole = try Data(contentsOf: file)
    var omitted = 0
    for part in 1..<8 {
      var bytes = whole
      bytes[bytes.count * part / 8] ^= 0x10
      try bytes.write(to: file)
      let json = try sandbox.run("repair", "--dry-run", "--json").output
      let report = try JSONSerialization.jsonObject(with: Data(json.utf8)) as? [String: Any]
      guard let loss = (report?["losses"] as? [[String: Any]])?.first else { continue }
      let left = try #require(loss["omitted_records"] as? Int)
      let unreadable = try #require(loss["unreadable_records"] as? Int)
      #expect(try #require(loss["lost"] as? [Any]).count + left + unreadable == count)
      guard left > 0 else { continue }
      omitted = left
      let text = try sandbox.run("repair", "--dry-run").output
      #expect(text.contains("more (--json lists the first 10,000)"), "\(text)")
    }
    #expect(omitted > 0)
  }

  @Test("a backup into the store is refused")
  func backupIntoItself() throws {
    let sandbox = try Sandbox.withBalances()
    let before = try sandbox.fingerprint()
    for folder in [".hindcast", ".hindcast/copy", ".hindcast/segments/../copy/"] {
      let refused = try sandbox.run("backup", folder)
      #expect(refused.code == 1 && refused.messages.contains("lies in the store"), "\(refused)")
    }
    #expect(try sandbox.fingerprint() == before)
  }
}

import Testing

@Suite("Erasing records on the command line")
struct EraseTests {
  private static let yaml = """
    groups:
      - name: people
        record_identifiers: {person: utf8}
        event_time: at
        features: {score: int64, note: utf8}
    """

  private func sandbox() throws -> Sandbox {
    let sandbox = try Sandbox()
    try sandbox.write(Self.yaml, to: "people.yaml")
    try sandbox.write(
      """
      person,at,score,note
      ada-lovelace,2024-01-01T00:00:00Z,1,one
      grace-hopper,2024-01-01T00:00:00Z,2,two
      ada-lovelace,2024-02-01T00:00:00Z,3,three

      """, to: "people.csv")
    try sandbox.write(
      """
      person,t
      ada-lovelace,2024-03-01T00:00:00Z
      grace-hopper,2024-03-01T00:00:00Z

      """, to: "labels.csv")
    try sandbox.expectSuccess("init")
    try sandbox.expectSuccess("apply", "people.yaml")
    try sandbox.expectSuccess("ingest", "people", "people.csv")
    try sandbox.expectSuccess("ingest", "people", "people.csv")
    return sandbox
  }

  private let build = [
    "build", "--labels", "labels.csv", "--label-time", "t", "--features", "people",
  ]

  @Test("an erased record is in no file, and no snapshot answers it")
  func erase() throws {
    let sandbox = try sandbox()
    let present = try sandbox.run("verify", "--absent", "people", "ada-lovelace")
    #expect(present.code == 1 && present.output.contains("holds the record"))
    let report = try sandbox.expectSuccess("delete", "people", "ada-lovelace", "--erase")
    #expect(report.output.contains("1 record with 4 rows erased from 2 segments"))
    #expect(report.output.contains("Backups, rejects, training sets and manifests"))
    let proof = try sandbox.expectSuccess("verify", "--absent", "people", "ada-lovelace")
    #expect(proof.output.hasPrefix("Absent"))
    #expect(!proof.output.contains("note:"))
    #expect(try sandbox.shell("grep -r ada-lovelace .hindcast || echo none").output == "none\n")
    #expect(try sandbox.expectSuccess("verify", "--deep").output.contains("Nothing wrong"))
    let old = try sandbox.expectSuccess(
      "history", "people", "ada-lovelace", "--snapshot", "3"
    ).output
    #expect(old.contains("No version"))
    let other = try sandbox.expectSuccess("get", "people", "grace-hopper", "--json").output
    #expect(other.contains("\"score\":2"))
    #expect(try sandbox.expectSuccess("snapshots").output.contains("erase, 1 record of people"))
    let json = try sandbox.expectSuccess("stats", "--json").output
    #expect(json.contains("\"pending_erasures\": []"))
  }

  @Test("an audit says erased since, and a build on an older snapshot warns")
  func audit() throws {
    let sandbox = try sandbox()
    #expect(try sandbox.run(build + ["--output", "train.csv"]).code == 0)
    try sandbox.expectSuccess("delete", "people", "ada-lovelace", "--erase")
    let audit = try sandbox.expectSuccess("audit", "train.csv").output
    #expect(audit.contains("ERASED SINCE: 2 cells"))
    #expect(!audit.contains("DIFFER"))
    let again = try sandbox.run(build + ["--output", "old.csv", "--snapshot", "4"])
    #expect(again.code == 0)
    #expect((again.output + again.messages).contains("were erased from this snapshot"))
    let fresh = try sandbox.run(build + ["--output", "new.csv"])
    #expect(!(fresh.output + fresh.messages).contains("were erased"))
  }

  @Test("a mismatch of another record is one all the same")
  func mismatch() throws {
    let sandbox = try sandbox()
    #expect(try sandbox.run(build + ["--output", "train.csv"]).code == 0)
    try sandbox.expectSuccess("delete", "people", "ada-lovelace", "--erase")
    let text = try sandbox.read("train.csv")
    try sandbox.write(text.replacing("two", with: "ten"), to: "train.csv")
    let audit = try sandbox.run("audit", "train.csv")
    #expect(audit.code == 1 && audit.output.contains("DIFFERS"))
  }

  @Test("that a dropped group of the same name is not reached is said")
  func droppedGroup() throws {
    let sandbox = try sandbox()
    try sandbox.expectSuccess("group", "drop", "people")
    try sandbox.expectSuccess("apply", "people.yaml")
    let report = try sandbox.expectSuccess("delete", "people", "ada-lovelace", "--erase").output
    #expect(report.contains("nothing was erased") && report.contains("Not looked at"))
    let absent = try sandbox.run("verify", "--absent", "people", "ada-lovelace")
    #expect(absent.code == 1 && absent.output.contains("NOT ABSENT"), "\(absent)")
    #expect(absent.output.contains("'hindcast verify' says whether an erasure is pending"))
    try sandbox.expectSuccess("snapshots", "expire", "--keep-last", "1")
    let later = try sandbox.expectSuccess("delete", "people", "ada-lovelace", "--erase").output
    #expect(later.contains("nothing was erased") && !later.contains("Not looked at"), "\(later)")
    #expect(try sandbox.run("verify", "--absent", "people", "ada-lovelace").code == 0)
  }

  @Test("many by a file; a time, or a record that is not there, is said plainly")
  func many() throws {
    let sandbox = try sandbox()
    try sandbox.write("person\nada-lovelace\ngrace-hopper\nnobody-at-all\n", to: "ids.csv")
    let json = try sandbox.expectSuccess(
      "delete", "people", "--from", "ids.csv", "--erase", "--json"
    ).output
    #expect(json.contains("\"named_records\": 3") && json.contains("\"erased_records\": 2"))
    let none = try sandbox.expectSuccess("delete", "people", "ada-lovelace", "--erase").output
    #expect(none.contains("nothing was erased"))
    let time = try sandbox.run(
      "delete", "people", "ada-lovelace", "--erase", "--event-time", "2024-01-01")
    #expect(time.code == 64)
    let empty = try sandbox.expectSuccess("stats", "people").output
    #expect(empty.contains("group"))
    #expect(try sandbox.expectSuccess("verify", "--deep").output.contains("Nothing wrong"))
  }
}

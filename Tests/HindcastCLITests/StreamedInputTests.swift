import Foundation
import Testing

/// What comes in by a stream, and what is wrong with it.
@Suite struct StreamedInputTests {
  private static let ingest = ["ingest", "events", "-", "--format", "jsonl"]

  private func open() throws -> Sandbox {
    let sandbox = try Sandbox()
    try sandbox.write(
      """
      groups:
        - name: events
          record_identifiers: {record: int64}
          event_time: at
          features: {number: int64}
      """, to: "groups.yaml")
    try sandbox.expectSuccess("init")
    try sandbox.expectSuccess("apply", "groups.yaml")
    return sandbox
  }

  private static func line(_ record: Int, _ more: String = "") -> String {
    "{\"record\":\(record),\"at\":\"2024-01-01T00:00:00Z\",\"number\":\(record)\(more)}"
  }

  @Test("a stream without lines is no failure", arguments: ["", "\n", "\r\n \n\n"])
  func nothing(input: String) throws {
    let sandbox = try open()
    let before = try sandbox.fingerprint()
    let outcome = try sandbox.run(Self.ingest, input: input)
    #expect(outcome.code == 0 && outcome.output.isEmpty, "\(outcome.messages)")
    #expect(try sandbox.fingerprint() == before)
    let lacking = try sandbox.run(Self.ingest, input: "{\"record\":1}\n")
    #expect(lacking.code == 1 && lacking.messages.contains("missing column 'at'"))
  }

  @Test("CRLF, blank lines and a byte order mark")
  func oddLines() throws {
    let sandbox = try open()
    let input = "\u{FEFF}\(Self.line(1))\r\n\r\n  \n\(Self.line(2))"
    let outcome = try sandbox.run(Self.ingest, input: input)
    #expect(outcome.code == 0, "\(outcome.messages)")
    #expect(outcome.lines.last?.contains("\"row\": 2,") ?? false)
  }

  @Test(
    "the rows before a bad line are in, those after it are not",
    arguments: [
      "this is no JSON", "\0", "{\"record\":\"x\",\"at\":\"2024-01-01\",\"number\":1}", "[]",
      "{\"record\":null,\"at\":\"2024-01-01T00:00:00Z\",\"number\":1}",
      line(9, ",\"deep\":" + String(repeating: "[", count: 100_000)),
      line(9, ",\"deep\":" + String(repeating: "{\"a\":", count: 50_000)),
    ])
  func badLine(bad: String) throws {
    let sandbox = try open()
    let input = [Self.line(1), Self.line(2), bad, Self.line(3)].joined(separator: "\n")
    let outcome = try sandbox.run(Self.ingest, input: input)
    #expect(outcome.code == 1, "\(outcome.code) \(outcome.messages)")
    #expect(outcome.lines.last?.contains("\"row\": 2,") ?? false, "\(outcome.output)")
    #expect(outcome.messages.contains("row 3"), "\(outcome.messages)")
    #expect(outcome.messages.contains("2 rows before are in"), "\(outcome.messages)")
    let answers = try sandbox.expectSuccess("get", "events", "1", "2", "3").lines
    #expect(answers.map { $0.contains("\"matched\"") } == [true, true, false])
  }

  @Test("without standard output and error no file of the store is written to in their place")
  func closedStreams() throws {
    let sandbox = try open()
    try sandbox.write(Self.line(1) + "\n", to: "rows.jsonl")
    try sandbox.shell(
      "hindcast ingest events - --format jsonl < rows.jsonl >&- 2>&- || true")
    #expect(try sandbox.read(".hindcast/lock").contains("row") == false)
    #expect(try sandbox.expectSuccess("get", "events", "1").output.contains("\"matched\""))
    try sandbox.shell("hindcast ingest events rows.jsonl <&- >&- 2>&- || true")
    #expect(try sandbox.run("verify", "--deep").code == 0)
    let closed = try sandbox.shell("hindcast ingest events - --format jsonl <&- && exit 3; true")
    #expect(closed.code == 0, "\(closed.messages)")
  }
}

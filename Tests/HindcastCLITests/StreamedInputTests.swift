import Foundation
import Testing

/// What comes in by a stream, and what is wrong with it.
@Suite struct StreamedInputTests {
  private static let ingest = ["ingest", "events", "-", "--format", "jsonl"]

  private func open(_ more: String = "") throws -> Sandbox {
    let sandbox = try Sandbox()
    try sandbox.write(
      """
      groups:
        - name: events
          record_identifiers: {record: int64}
          event_time: at
          features: {number: int64}
          \(more)
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
    #expect(outcome.messages == "No rows for events.\n")
    #expect(try sandbox.fingerprint() == before)
    let lacking = try sandbox.run(Self.ingest, input: "{\"record\":1}\n")
    #expect(lacking.code == 1 && lacking.messages.contains("missing column 'at'"))
  }

  @Test("a stream that the disk fails ends, though its producer waits for an acknowledgement")
  func failsWaiting() throws {
    let sandbox = try open()
    // All rows fit into the pipe, and not into a log that may not grow beyond 4 KiB. The producer
    // waits for the first acknowledgement, and after its rows it says nothing.
    try sandbox.write((0..<900).map { Self.line($0) }.joined(separator: "\n") + "\n", to: "in")
    let command = Self.ingest.joined(separator: " ")
    let outcome = try sandbox.shell(
      """
      mkfifo rows
      (ulimit -f 8; exec timeout 100 hindcast \(command)) < rows > out & stream=$!
      exec 3> rows
      head -100 in >&3
      for i in $(seq 1000); do grep -q '"row": 100,' out && break; sleep 0.05; done
      tail -n +101 in >&3
      code=0
      wait $stream || code=$?
      exit $code
      """)
    #expect(outcome.code == 1, "\(outcome)")
    // How many of the later rows the last commit that fitted holds is a matter of timing.
    let count = try #require(
      outcome.messages.firstMatch(of: /(\d+) rows of it acknowledged/).flatMap { Int($0.1) })
    #expect((100..<900).contains(count), "\(outcome)")
    #expect(try sandbox.read("out").contains("{\"row\": \(count), "))
    #expect(try sandbox.expectSuccess("verify", "--deep").output.contains("\(count) rows"))
  }

  @Test("a full compaction brings the rows of the log into segments, and says so")
  func compacted() throws {
    let sandbox = try open()
    #expect(try sandbox.run(Self.ingest, input: Self.line(1) + "\n").code == 0)
    let report = try sandbox.expectSuccess("compact", "events", "--full")
    #expect(report.output == "events: rows of the log are in segments now.\n")
    let again = try sandbox.expectSuccess("compact", "events", "--full")
    #expect(again.output == "events: nothing to merge.\n")
  }

  @Test("verify tells bytes behind the last commit of a log, and that it is no failure")
  func trailingBytes() throws {
    let sandbox = try open()
    #expect(try sandbox.run(Self.ingest, input: Self.line(1) + "\n").code == 0)
    let log = sandbox.folder.appending(path: ".hindcast/log/00000000000000000003")
    let size = try Data(contentsOf: log).count
    #expect(!(try sandbox.expectSuccess("verify").output.contains("note:")))
    let file = try FileHandle(forWritingTo: log)
    try file.seekToEnd()
    try file.write(contentsOf: Data("HCCOMMIT and so on".utf8))
    try file.close()
    let text = try sandbox.expectSuccess("verify", "--deep").output
    #expect(
      text.contains("18 bytes at offset \(size) after commit 3 that are no commit"), "\(text)")
    let json = try sandbox.expectSuccess("verify", "--json").output
    #expect(json.contains("\"log_tails\": [") && json.contains("\"offset\": \(size)"), "\(json)")
    #expect(json.contains("\"sound\": true"))
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
      "this is no JSON", "\0", "null", "5",
      "{\"record\":\"x\",\"at\":\"2024-01-01\",\"number\":1}", "[]",
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

  @Test(
    "fields that the first lines lack are taken, or ignored, later on", arguments: [true, false])
  func laterFields(isStream: Bool) throws {
    let sandbox = try open("created_time: known\n    deleted: gone")
    // More than is read at once.
    let lines =
      (0..<20_000).map { Self.line($0) } + [
        Self.line(20_000, ",\"gone\":true,\"known\":\"2024-01-02T00:00:00Z\""),
        Self.line(20_001, ",\"gone\":null,\"known\":\"2024-01-03T00:00:00Z\",\"more\":{\"a\":[1]}"),
      ]
    let text = lines.joined(separator: "\n") + "\n"
    if isStream {
      let outcome = try sandbox.run(Self.ingest, input: text)
      #expect(outcome.code == 0, "\(outcome.messages)")
    } else {
      try sandbox.write(text, to: "lines.jsonl")
      try sandbox.expectSuccess("ingest", "events", "lines.jsonl")
    }
    #expect(try sandbox.expectSuccess("history", "events", "20000").output.contains("2024-01-02"))
    let deleted = try sandbox.expectSuccess("get", "events", "20000", "--json").output
    #expect(deleted.contains("\"outcome\":\"deleted\""), "\(deleted)")
    #expect(try sandbox.expectSuccess("history", "events", "20001").output.contains("2024-01-03"))
    let label = "{\"record\":1,\"at\":\"2024-01-01T00:00:00Z\"}\n"
    let late = label.replacing("}", with: ",\"late\":1}")
    try sandbox.write(String(repeating: label, count: 40_000) + late, to: "labels.jsonl")
    let build = try sandbox.run([
      "build", "--labels", "labels.jsonl", "--label-time", "at", "--features", "events:number",
      "--output", "out.parquet",
    ])
    #expect(
      build.code == 1 && build.messages.contains("is in none of the first lines"),
      "\(build.messages)")
  }

  @Test("a value or an identifier that no segment can hold is refused before it is acknowledged")
  func tooLarge() throws {
    let sandbox = try Sandbox()
    try sandbox.write(
      """
      groups:
        - name: texts
          record_identifiers: {name: utf8}
          event_time: at
          features: {text: utf8, texts: "list[utf8]"}
      """, to: "groups.yaml")
    try sandbox.expectSuccess("init")
    try sandbox.expectSuccess("apply", "groups.yaml")
    func line(_ name: String, _ text: String, _ element: String) -> String {
      "{\"name\":\"\(name)\",\"at\":\"2024-01-01\",\"text\":\"\(text)\","
        + "\"texts\":[\"a\",\"\(element)\"]}\n"
    }
    let large = String(repeating: "x", count: 65 << 20)
    let name = String(repeating: "x", count: 65 << 10)
    for (bad, column) in [
      (line("b", large, ""), "text"), (line("b", "", large), "texts"), (line(name, "", ""), "name"),
    ] {
      let outcome = try sandbox.run(
        "ingest", "texts", "-", "--format", "jsonl", input: line("a", "1", "2") + bad)
      #expect(outcome.code == 1 && outcome.output.contains("\"row\": 1,"))
      #expect(outcome.messages.contains("row 2, column \"\(column)\""), "\(outcome.messages)")
    }
    #expect(try sandbox.expectSuccess("get", "texts", "a").output.contains("matched"))
    try sandbox.expectSuccess("compact", "--full")
  }

  @Test("a first line that is no object is refused", arguments: ["null", "\t null", "5", "\"x\""])
  func firstLine(bad: String) throws {
    let outcome = try open().run(Self.ingest, input: bad + "\n" + Self.line(1) + "\n")
    #expect(outcome.code == 1 && outcome.messages.contains("row 1"), "\(outcome.messages)")
    #expect(outcome.messages.contains("a line must hold one JSON object"))
  }

  @Test("a stream whose acknowledgements nobody reads ends, and says so")
  func deafProducer() throws {
    let sandbox = try open()
    try sandbox.write(Self.line(1) + "\n", to: "rows.jsonl")
    let outcome = try sandbox.shell(
      "hindcast ingest events - --format jsonl < rows.jsonl >&- && exit 3; test $? = 1")
    #expect(outcome.code == 0, "\(outcome.code)")
    #expect(outcome.messages.contains("nobody reads the acknowledgements"), "\(outcome.messages)")
    #expect(try sandbox.expectSuccess("get", "events", "1").output.contains("\"matched\""))
  }

  @Test("blank lines that come alone, long before the first row, end nothing")
  func blankLinesFirst() throws {
    let sandbox = try open()
    try sandbox.write(Self.line(1) + "\n", to: "rows.jsonl")
    let outcome = try sandbox.shell(
      "(printf '\\n'; sleep 0.3; printf ' \\n\\n'; sleep 0.3; cat rows.jsonl)"
        + " | hindcast ingest events - --format jsonl")
    #expect(outcome.code == 0, "\(outcome.messages)")
    #expect(try sandbox.expectSuccess("get", "events", "1").output.contains("\"matched\""))
  }

  @Test("an interrupted stream says so by its exit code; what came before is in")
  func interruptedStream() throws {
    let sandbox = try open()
    try sandbox.write(Self.line(1) + "\n", to: "rows.jsonl")
    let outcome = try sandbox.shell(
      """
      mkfifo in out
      hindcast ingest events - --format jsonl < in > out & writer=$!
      exec 3> in 4< out
      cat rows.jsonl >&3
      read acknowledgement <&4
      kill -INT $writer
      sleep 0.2
      exec 3>&-
      wait $writer && exit 43
      echo "code $?"
      """)
    #expect(outcome.output.contains("code 130"), "\(outcome)")
    #expect(outcome.messages.contains("interrupted; 1 row"), "\(outcome)")
    #expect(try sandbox.expectSuccess("get", "events", "1").output.contains("\"matched\""))
  }

  @Test("stats, verify and backup count the bytes of the log")
  func bytesOfTheLog() throws {
    let sandbox = try open()
    #expect(try sandbox.run(Self.ingest, input: Self.line(1) + "\n").code == 0)
    for command in [["stats"], ["verify"], ["backup", "copy"]] {
      let report = try sandbox.run(command + ["--json"]).output
      let counts = report.matches(of: /"(stored_|written_)?bytes": ([0-9]+)/)
      #expect(!counts.isEmpty && counts.allSatisfy { $0.output.2 != "0" }, "\(report)")
    }
    let before = try bytes("written", sandbox)
    try sandbox.expectSuccess("compact", "events", "--full")
    // The log stays for the snapshots before.
    #expect(try bytes("written", sandbox) > before)
    #expect(try bytes("log", sandbox) > 0)
  }

  private func bytes(_ what: String, _ sandbox: Sandbox) throws -> Int {
    let report = try sandbox.expectSuccess("stats", "events", "--json").output
    let match = try #require(report.firstMatch(of: try Regex("\"\(what)_bytes\": ([0-9]+)")))
    return Int(match.output[1].substring ?? "") ?? 0
  }

  @Test("who waits for a stream's end says so, where nobody watches too")
  func waitsForAStream() throws {
    let sandbox = try open()
    try sandbox.write(Self.line(1) + "\n", to: "rows.jsonl")
    for _ in 1...2 { try sandbox.expectSuccess("ingest", "events", "rows.jsonl") }
    let outcome = try sandbox.shell(
      """
      mkfifo in out
      hindcast ingest events - --format jsonl < in > out &
      exec 3> in 4< out
      cat rows.jsonl >&3
      read acknowledgement <&4
      hindcast compact events --full 3>&- 2> notes &
      for i in $(seq 1000); do grep -q waiting notes && break; sleep 0.05; done
      exec 3>&-
      wait
      """)
    #expect(outcome.code == 0, "\(outcome)")
    let lines = try sandbox.read("notes").split(separator: "\n").filter { $0.contains("waiting") }
    #expect(lines == ["hindcast: merged events; waiting for the writer that holds the store"])
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
    let unsound = try sandbox.shell(
      "truncate -s 100 .hindcast/segments/*.hseg; hindcast verify >&- && exit 3; test $? = 1")
    #expect(unsound.code == 0, "\(unsound.messages)")
    let closed = try sandbox.shell("hindcast ingest events - --format jsonl <&- && exit 3; true")
    #expect(closed.code == 0, "\(closed.messages)")
  }
}

import Foundation
import Testing

/// A store of format version 1 as it was when that was frozen: every later build reads it.
@Suite("The golden store")
struct GoldenStoreTests {
  private static let golden = Sandbox.root.appending(path: "format-spec/golden")

  /// Commands, and what each printed.
  private static func expectations() throws -> [(command: String, output: String)] {
    let text = try String(contentsOf: golden.appending(path: "store.txt"), encoding: .utf8)
    return text.components(separatedBy: "$ ").dropFirst().map { part in
      let lines = part.split(separator: "\n", maxSplits: 1, omittingEmptySubsequences: false)
      return (String(lines[0]), String(lines[1]))
    }
  }

  @Test("answers of all its snapshots are what they were")
  func answers() throws {
    let sandbox = try Sandbox()
    let expectations = try Self.expectations()
    #expect(expectations.count == 24)
    let store = ["--store", Self.golden.appending(path: "store").path]
    for (command, output) in expectations {
      let run = try sandbox.run(command.split(separator: " ").map(String.init) + store)
      #expect(run.code == 0 && run.output == output, "\(command): \(run.output)\(run.messages)")
    }
  }

  @Test("it is whole, and a writer goes on with a copy")
  func goesOn() throws {
    let sandbox = try Sandbox()
    try FileManager.default.copyItem(
      at: Self.golden.appending(path: "store"), to: sandbox.folder.appending(path: ".hindcast"))
    let whole = try sandbox.run("verify", "--deep")
    #expect(whole.code == 0 && whole.lines.count == 1, "\(whole.output)\(whole.messages)")
    try sandbox.write(
      "account,at,known,gone,balance,tier,score\nann,2024-02-01,2024-02-01,,8,gold,2\n",
      to: "more.csv")
    let added = try sandbox.run("ingest", "accounts", "more.csv")
    #expect(added.output == "1 row into accounts in commit 194.\n", "\(added.messages)")
    let again = try sandbox.run("ingest", "accounts", "more.csv", "--batch-id", "first")
    #expect(again.output == "This batch is in accounts already, since commit 3.\n")
    #expect(try sandbox.run("compact", "accounts", "--full").code == 0)
    let now = try sandbox.run("get", "accounts", "ann", "--as-of", "2024-02-02")
    #expect(now.output.contains(#""balance":8.0,"tier":"gold","score":2"#), "\(now.output)")
    for (command, output) in try Self.expectations() where command.contains("--snapshot") {
      let run = try sandbox.run(command.split(separator: " ").map(String.init))
      #expect(run.output == output, "\(command): \(run.output)\(run.messages)")
    }
    #expect(try sandbox.run("verify", "--deep").code == 0)
  }
}

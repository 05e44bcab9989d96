import Foundation
import Testing

@Suite("Help")
struct HelpTests {
  static let verbs = [
    "", "init", "apply", "group", "group create", "group list", "group show", "group update",
    "group drop", "ingest", "build", "rebuild", "latest", "get", "delete", "snapshots",
    "snapshots list", "snapshots tag", "snapshots untag", "snapshots expire", "snapshots diff",
    "history", "verify", "repair", "backup", "stats", "compact", "expire", "inspect", "audit",
    "bench join", "dataset",
  ]

  private static let snapshot = Sandbox.root
    .appending(path: "Tests/HindcastCLITests/Snapshots/help.txt")

  /// Set HINDCAST_UPDATE_SNAPSHOTS=1 to write what the command says today, and read the difference.
  @Test("the help of every verb is as it was approved")
  func helpTexts() throws {
    let sandbox = try Sandbox()
    var text = ""
    for verb in Self.verbs {
      let arguments = verb.split(separator: " ").map(String.init)
      let outcome = try sandbox.run(arguments + ["--help"])
      #expect(outcome.code == 0 && outcome.messages.isEmpty)
      text += "==== hindcast \(verb)\n\(outcome.output)\n"
    }
    if ProcessInfo.processInfo.environment["HINDCAST_UPDATE_SNAPSHOTS"] != nil {
      try Data(text.utf8).write(to: Self.snapshot)
    }
    let approved = try String(contentsOf: Self.snapshot, encoding: .utf8)
    let (now, then) = (text.split(separator: "\n"), approved.split(separator: "\n"))
    for (line, (a, b)) in zip(now, then).enumerated() where a != b {
      Issue.record("help line \(line + 1) is '\(a)', approved is '\(b)'")
      return
    }
    #expect(now.count == then.count)
  }

  @Test("every verb's help begins with a verb and has an example", arguments: verbs.dropFirst())
  func examples(verb: String) throws {
    let arguments = verb.split(separator: " ").map(String.init)
    let help = try Sandbox().run(arguments + ["--help"]).output
    #expect(help.hasPrefix("OVERVIEW: "))
    #expect(help.contains("Example") && help.contains("hindcast \(verb)"), "\(verb)")
  }

  @Test("a mistake in the arguments is exit code 64 and says how to get help")
  func usageErrors() throws {
    let sandbox = try Sandbox.withBalances(rows: false)
    let request = [
      "build", "--labels", "x.csv", "--label-time", "t", "--output", "y.csv", "--features",
      "balances",
    ]
    let cases: [([String], String)] = [
      (["frobnicate"], "frobnicate"),
      (["ingest", "balances"], "Missing expected argument"),
      (
        ["build", "--labels", "x.csv", "--label-time", "t", "--features", "balances"],
        "Name the output file"
      ),
      (["build", "--output", "x.csv"], "Missing expected argument '--labels"),
      (["group", "update", "balances", "--ttl", "3 days"], "'3 days' is no duration"),
      (["group", "update", "balances", "--delay=-1h"], "negative"),
      (["ingest", "balances", "x.csv", "--memory", "lots"], "'lots' is no size"),
      (["ingest", "balances", "x.csv", "--profile", "huge"], "huge"),
      (["group", "update", "balances", "--delay", "-1h"], "negative"),
      (["group", "update", "balances", "--ttl", "-1h"], "negative"),
      (["get", "balances", "1", "--snapshot", "-1"], "negative"),
      (request + ["--max-age", "none"], "ALIAS=none"),
      (request + ["--delay", "-1s"], "negative"),
      (request + ["--max-age", "other=1d"], "not in the request"),
      (request + ["--max-age", "balances=-1d"], "negative"),
      (request + ["--delay", "balances=soon"], "no duration"),
      (request + ["--key", "balances"], "ALIAS:RECORD_ID=LABEL_COLUMN"),
      (request + ["--as-known", "yesterday"], "'yesterday' is not an ISO 8601 time"),
      (["get", "balances", "1", "--as-of", "noon"], "'noon' is not an ISO 8601 time"),
      (["get", "balances", "1", "--max-age", "5q"], "'5q' is no duration"),
      (["delete", "balances", "1"], "--event-time TIME"),
      (["delete", "balances", "1", "--event-time", "2024"], "2024s"),
      (["get", "balances"], "Name a record"),
    ]
    for (arguments, message) in cases {
      let outcome = try sandbox.run(arguments)
      #expect(outcome.code == 64, "\(arguments)")
      #expect(outcome.messages.contains(message), "\(outcome.messages)")
      #expect(outcome.output.isEmpty)
    }
  }

  @Test("the version is printed")
  func version() throws {
    #expect(try Sandbox().run("--version").output == "0.1.0\n")
  }
}

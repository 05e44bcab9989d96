import Testing

@Suite("Generated datasets on the command line")
struct DatasetTests {
  @Test(
    "what is written can be loaded by the commands that are printed", arguments: ["loans", "w1"])
  func nextCommands(name: String) throws {
    let sandbox = try Sandbox()
    let outcome = try sandbox.expectSuccess(
      "dataset", name, "--scale", "0.001", "--output", "my data/of today")
    let commands = outcome.lines.filter { $0.hasPrefix("  hindcast ") }
    #expect(commands.count >= 4)
    let run = try sandbox.shell(commands.joined(separator: "\n"))
    #expect(run.code == 0, "\(run.messages)")
    #expect(sandbox.has("my data/of today/training.parquet.manifest.json"))
  }

  @Test("the same options give the same bytes; unknown names are refused")
  func reproducible() throws {
    let sandbox = try Sandbox()
    for folder in ["a", "b"] {
      try sandbox.expectSuccess(
        "dataset", "loans", "--scale", "0.001", "--format", "csv", "--output", folder)
    }
    #expect(try sandbox.shell("diff -r a b").code == 0)
    let unknown = try sandbox.run("dataset", "lones", "--output", "c")
    #expect(unknown.code == 1 && unknown.messages.contains("loans, w1"))
    #expect(!sandbox.has("c"))
  }
}

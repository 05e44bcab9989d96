import HindcastCore
import HindcastReference
import HindcastTestKit
import Testing

@Suite(
  "The reference against SQL in DuckDB",
  .enabled("needs the Python module duckdb in .venv") { PythonTool.hasModule("duckdb") },
  .serialized)
struct DuckDBTests {
  /// What SQL answers: an outcome and the winning row, for each label of each world.
  private static func answers(_ worlds: [World]) throws -> [[(outcome: String, row: Int?)]] {
    let folder = try TemporaryFolder()
    try WorldDump(worlds).write(to: folder.path)
    let script = "\(PythonTool.root)/Tests/scripts/duckdb_oracle.py"
    let result = try PythonTool.run([script, folder.path])
    try #require(result.status == 0, "\(result.errors)")
    var answers: [[(outcome: String, row: Int?)]] = worlds.map { _ in [] }
    for line in result.output.split(separator: "\n") {
      let cells = line.split(separator: "\t", omittingEmptySubsequences: false)
      let world = try #require(Int(cells[0]))
      try #require(Int(cells[1]) == answers[world].count, "labels come in order")
      answers[world].append((String(cells[2]), Int(cells[3])))
    }
    return answers
  }

  private static func compare(_ worlds: [World]) throws {
    for (world, answers) in zip(worlds, try answers(worlds)) {
      let expected = try world.expected().answers
      #expect(answers.count == expected.count, "\(world.name)")
      for (index, (answer, right)) in zip(answers, expected).enumerated()
      where answer.outcome != right.outcome.rawValue || answer.row != right.winner {
        let row = answer.row.map { world.describe(world.rows[$0]) } ?? "none"
        Issue.record(
          "\(world.failure(label: index, expected: right, got: "\(answer.outcome), row \(row)"))")
        return
      }
    }
  }

  @Test("1,000 random worlds", arguments: 0..<4)
  func randomWorlds(batch: Int) throws {
    try Self.compare(randomSeeds(250).map { World.random(seed: $0) })
  }

  @Test("every small history under every request", arguments: [false, true])
  func smallWorlds(hasCreatedTime: Bool) throws {
    let choices: SmallWorlds.Choices =
      hasCreatedTime ? .withCreatedTime : .withoutCreatedTime
    let histories = SmallWorlds.histories(choices, maxVersions: 2)
    try Self.compare(
      SmallWorlds.requests(hasCreatedTime: hasCreatedTime).map {
        SmallWorlds.world(
          histories, hasCreatedTime: hasCreatedTime, commitCount: 2, labelTicks: [0, 1, 2, 3, 4],
          options: $0)
      })
  }
}

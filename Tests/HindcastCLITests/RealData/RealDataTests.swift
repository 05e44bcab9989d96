import Foundation
import Testing

/// Every label and every group of two public datasets, through the command line, against answers on
/// which DuckDB, pandas and a plain scan agree.
@Suite("Real data", .serialized, .enabled(if: RealDataset.isAvailable, RealDataset.absence))
struct RealDataTests {
  /// How the history comes in.
  enum Arrival: String, CaseIterable, CustomTestStringConvertible {
    case parquet, csv
    case parquetInTwentyParts = "parquet in twenty parts"
    case csvInTwentyParts = "csv in twenty parts"

    var testDescription: String { rawValue }
    var isCSV: Bool { self == .csv || self == .csvInTwentyParts }
    var parts: Int { self == .parquet || self == .csv ? 1 : 20 }
  }

  @Test(
    "equals the expected result", arguments: [RealDataset.hflights, .football], Arrival.allCases)
  func equalsExpected(dataset: RealDataset, arrival: Arrival) throws {
    let sandbox = try Sandbox()
    try sandbox.load(dataset, parts: arrival.parts, csv: arrival.isCSV)
    let file = arrival.isCSV ? "labels.csv.gz" : "labels.parquet"
    let labels = dataset.folder.appending(path: file).path
    try sandbox.must(
      ["build", "--labels", labels, "--label-time", "label_time"] + dataset.request
        + ["--names", "full", "--output", "out.parquet"])
    try sandbox.python(
      "Tests/scripts/real_data.py", "compare", "out.parquet", labels,
      dataset.folder.appending(path: "expected.parquet").path)
  }

  @Test(
    "the strategies agree on a sample, and so do one ingest and twenty",
    arguments: [RealDataset.hflights, .football])
  func strategiesAgree(dataset: RealDataset) throws {
    let whole = try Sandbox()
    let parted = try Sandbox()
    try whole.load(dataset, parts: 1, csv: false)
    try parted.load(dataset, parts: 20, csv: false)
    var hashes: Set<String> = []
    for (sandbox, strategy) in [
      (whole, "nested"), (whole, "merge"), (parted, "nested"), (parted, "merge"),
    ] {
      try sandbox.python(
        "Tests/scripts/real_data.py", "sample", dataset.folder.path, "211", "sample")
      try sandbox.must(
        ["build", "--labels", "sample/labels.parquet", "--label-time", "label_time"]
          + dataset.request
          + ["--names", "full", "--strategy", strategy, "--output", "out.parquet"])
      try sandbox.python(
        "Tests/scripts/real_data.py", "compare", "out.parquet", "sample/labels.parquet",
        "sample/expected.parquet")
      hashes.insert(try sandbox.resultHash("out.parquet"))
    }
    #expect(hashes.count == 1)
  }

  @Test("late knowledge, corrections, deletions and a delay", arguments: [1, 20])
  func harderFlights(parts: Int) throws {
    let sandbox = try Sandbox()
    try sandbox.python(
      "benchmarks/oracles/harder_hflights.py", "derive", RealDataset.shared.path, "derived")
    try sandbox.write(RealDataset.harderGroupsYAML, to: "groups.yaml")
    try sandbox.must(["init"])
    try sandbox.must(["apply", "groups.yaml"])
    for (group, file) in RealDataset.hflights.files {
      for part in try sandbox.parts(of: "derived/\(file).parquet", parts, suffix: "parquet") {
        try sandbox.must(["ingest", group, part])
      }
    }
    let labels = RealDataset.hflights.folder.appending(path: "labels.parquet").path
    try sandbox.must(
      ["build", "--labels", labels, "--label-time", "label_time"] + RealDataset.hflights.request
        + ["--names", "full", "--output", "out.parquet"])
    let table = Sandbox.root.appending(path: "Tests/fixtures/harder_hflights.csv").path
    try sandbox.python("Tests/scripts/real_data.py", "harder", "out.parquet", table)
  }
}

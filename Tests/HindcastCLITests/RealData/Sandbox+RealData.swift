import Foundation
import Testing

extension Sandbox {
  /// Runs the command and expects it to succeed; its messages are shown if it does not.
  @discardableResult
  func must(_ arguments: [String]) throws -> Outcome {
    let outcome = try run(arguments)
    try #require(outcome.code == 0, "hindcast \(arguments): \(outcome.messages)")
    return outcome
  }

  /// Runs one of the project's Python scripts, which exits 0 where all is as it should be.
  @discardableResult
  func python(_ script: String, _ arguments: String...) throws -> String {
    try python(script, arguments: arguments)
  }

  /// Runs one of the project's Python scripts, which exits 0 where all is as it should be.
  @discardableResult
  func python(_ script: String, arguments: [String]) throws -> String {
    let process = Process()
    process.executableURL = RealDataset.python
    process.arguments = [Sandbox.root.appending(path: script).path] + arguments
    process.currentDirectoryURL = folder
    var variables = ProcessInfo.processInfo.environment
    variables["HINDCAST_STORE"] = nil
    if variables["HINDCAST_ARROW"] == nil {
      let library = Sandbox.root.appending(path: "bin/libhindcast_arrow.so")
      variables["HINDCAST_ARROW"] = library.path
    }
    process.environment = variables
    let pipe = Pipe()
    process.standardOutput = pipe
    process.standardError = pipe
    try process.run()
    let text = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    try #require(process.terminationStatus == 0, "\(script) \(arguments): \(text)")
    return text
  }

  /// The paths of `path`'s rows in so many consecutive parts; itself if it is one.
  func parts(of path: String, _ count: Int, suffix: String) throws -> [String] {
    guard count > 1 else { return [path] }
    let target = "parts-\(UUID().uuidString)"
    try python("Tests/scripts/real_data.py", "split", path, "\(count)", target)
    return (0..<count).map { "\(target)/\($0 < 10 ? "0" : "")\($0).\(suffix)" }
  }

  /// Makes a store of a dataset, every group from its file in so many ingests.
  func load(_ dataset: RealDataset, parts count: Int, csv: Bool) throws {
    try write(dataset.groupsYAML, to: "groups.yaml")
    try must(["init"])
    try must(["apply", "groups.yaml"])
    for (group, file) in dataset.files {
      let path = dataset.folder.appending(path: file + (csv ? ".csv.gz" : ".parquet")).path
      for part in try parts(of: path, count, suffix: csv ? "csv" : "parquet") {
        try must(["ingest", group, part])
      }
    }
  }

  /// The result's hash, from a manifest in the folder.
  func resultHash(_ output: String) throws -> String {
    let text = try read("\(output).manifest.json")
    let result = try #require(text.range(of: "\"result\""))
    let hash = try #require(text[result.upperBound...].firstMatch(of: /"xxh128" ?: ?"([0-9a-f]+)"/))
    return String(hash.1)
  }
}

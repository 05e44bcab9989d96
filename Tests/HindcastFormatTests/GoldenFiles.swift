import Foundation

/// The folder of the specification, and what lies in it.
enum GoldenFiles {
  static let specification = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().appending(path: "format-spec")
  static let folder = specification.appending(path: "golden")
  static let bad = folder.appending(path: "bad")

  /// The names of the golden files, sorted, without `.hseg`.
  static func names(in folder: URL = folder) -> [String] {
    let files = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
    return files.filter { $0.hasSuffix(".hseg") }.map { String($0.dropLast(5)) }.sorted()
  }

  static func bytes(_ name: String, in folder: URL = folder) throws -> [UInt8] {
    Array(try Data(contentsOf: folder.appending(path: "\(name).hseg")))
  }

  static func lines(_ file: String, in folder: URL = folder) throws -> [String] {
    let text = String(
      decoding: try Data(contentsOf: folder.appending(path: file)), as: UTF8.self)
    return text.split(separator: "\n").map(String.init)
  }
}

/// The independent reader.
enum IndependentReader {
  /// Whether there is a Python to run it.
  static let isAvailable = (try? run("read_segment.py", ["--help"]).status) == 0

  /// Runs one of the reader's programs; its standard output and exit status.
  static func run(
    _ program: String, _ arguments: [String]
  ) throws -> (output: String, status: Int32) {
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    let path = GoldenFiles.specification.appending(path: "reader/\(program)").path
    process.arguments = ["python3", "-B", path] + arguments
    let pipe = Pipe()
    process.standardOutput = pipe
    try process.run()
    let data = pipe.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return (String(decoding: data, as: UTF8.self), process.terminationStatus)
  }
}

import Foundation

/// The Python of `.venv`, for files that other writers made and for their view of ours.
enum Python {
  static let path: String = {
    let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent()
    return root.appendingPathComponent(".venv/bin/python").path
  }()

  static var isThere: Bool { FileManager.default.isExecutableFile(atPath: path) }

  /// Runs a script in a folder; what it printed, and whether it succeeded.
  static func run(_ script: String, in folder: TemporaryFolder) throws -> (String, Bool) {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: path)
    process.arguments = ["-c", script]
    process.currentDirectoryURL = URL(fileURLWithPath: folder.path)
    let pipe = Pipe()
    process.standardOutput = pipe
    process.standardError = pipe
    try process.run()
    let data = pipe.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return (String(decoding: data, as: UTF8.self), process.terminationStatus == 0)
  }
}

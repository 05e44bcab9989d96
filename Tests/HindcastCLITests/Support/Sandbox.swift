import Foundation

/// A folder of its own for one test, gone when the test is over, and the command run in it.
final class Sandbox {
  /// The folder.
  let folder: URL

  init() throws {
    folder = FileManager.default.temporaryDirectory
      .appending(path: "hindcast-cli-\(UUID().uuidString)").resolvingSymlinksInPath()
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  }

  deinit {
    try? FileManager.default.removeItem(at: folder)
  }

  /// What a run of the command did.
  struct Outcome {
    let code: Int32
    let output: String
    let messages: String

    /// The lines on standard output.
    var lines: [String] { output.split(separator: "\n").map(String.init) }
  }

  /// Runs `hindcast` with the given arguments in the folder.
  @discardableResult
  func run(
    _ arguments: String..., input: String? = nil, environment: [String: String] = [:]
  ) throws -> Outcome {
    try run(arguments, input: input, environment: environment)
  }

  /// Runs `hindcast` with the given arguments in the folder.
  @discardableResult
  func run(
    _ arguments: [String], input: String? = nil, environment: [String: String] = [:]
  ) throws -> Outcome {
    try Self.launch(
      Self.binary, arguments, in: folder, input: input, environment: environment)
  }

  /// Runs a shell script in the folder, the command being on its path.
  @discardableResult
  func shell(_ script: String) throws -> Outcome {
    let path = Self.binary.deletingLastPathComponent().path
    let inherited = ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin"
    return try Self.launch(
      URL(filePath: "/bin/sh"), ["-e", "-c", script], in: folder, input: nil,
      environment: ["PATH": "\(path):\(inherited)"])
  }

  private static func launch(
    _ executable: URL, _ arguments: [String], in folder: URL, input: String?,
    environment: [String: String]
  ) throws -> Outcome {
    let process = Process()
    process.executableURL = executable
    process.arguments = arguments
    process.currentDirectoryURL = folder
    var variables = ProcessInfo.processInfo.environment
    variables["HINDCAST_STORE"] = nil
    variables["COLUMNS"] = "80"
    if variables["HINDCAST_ARROW"] == nil {
      variables["HINDCAST_ARROW"] = root.appending(path: "bin/libhindcast_arrow.so").path
    }
    variables.merge(environment) { _, new in new }
    process.environment = variables
    let scratch = FileManager.default.temporaryDirectory
    let streams = try ["in", "out", "err"].map { name in
      let url = scratch.appending(path: "hindcast-cli-\(UUID().uuidString).\(name)")
      try Data((name == "in" ? input ?? "" : "").utf8).write(to: url)
      return url
    }
    defer { for url in streams { try? FileManager.default.removeItem(at: url) } }
    process.standardInput = try FileHandle(forReadingFrom: streams[0])
    process.standardOutput = try FileHandle(forWritingTo: streams[1])
    process.standardError = try FileHandle(forWritingTo: streams[2])
    try process.run()
    process.waitUntilExit()
    return Outcome(
      code: process.terminationStatus,
      output: try String(contentsOf: streams[1], encoding: .utf8),
      messages: try String(contentsOf: streams[2], encoding: .utf8))
  }
}

extension Sandbox {
  /// The package's folder.
  static let root = URL(filePath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()

  /// The command: `$HINDCAST`, else beside the test bundle, else `bin/hindcast`.
  static let binary: URL = {
    let files = FileManager.default
    if let path = ProcessInfo.processInfo.environment["HINDCAST"] { return URL(filePath: path) }
    let beside = URL(filePath: CommandLine.arguments[0]).resolvingSymlinksInPath()
      .deletingLastPathComponent().appending(path: "hindcast")
    let candidates = [beside, Bundle.main.bundleURL.appending(path: "hindcast")]
    return candidates.first { files.isExecutableFile(atPath: $0.path) }
      ?? root.appending(path: "bin/hindcast")
  }()

  /// Writes a text file in the folder.
  func write(_ text: String, to name: String) throws {
    try Data(text.utf8).write(to: folder.appending(path: name))
  }

  /// The text of a file in the folder.
  func read(_ name: String) throws -> String {
    try String(contentsOf: folder.appending(path: name), encoding: .utf8)
  }

  /// Whether a file is in the folder.
  func has(_ name: String) -> Bool {
    FileManager.default.fileExists(atPath: folder.appending(path: name).path)
  }

  /// Every file of the folder with its bytes, except the writer's lock: what must be untouched.
  func fingerprint(of name: String = ".hindcast") throws -> [String: Data] {
    let start = folder.appending(path: name)
    var result: [String: Data] = [:]
    let walk = FileManager.default.enumerator(at: start, includingPropertiesForKeys: nil)
    while let url = walk?.nextObject() as? URL {
      guard url.lastPathComponent != "lock", !url.hasDirectoryPath else { continue }
      result[url.path] = try Data(contentsOf: url)
    }
    return result
  }
}

import Foundation
import HindcastCore
import HindcastFormat
import Testing

@Suite("Random damage under right checksums")
struct GoldenDamageTests {
  /// Codes of pages whose nodes break two rules at once: any is right.
  private static let interchangeable: Set = [
    "segment_bad_page", "segment_unknown_encoding", "segment_limit_exceeded",
    "segment_nesting_too_deep",
  ]

  @Test(
    "both readers refuse with one code, or read the same values",
    .enabled(if: IndependentReader.isAvailable, "needs python3 3.11 or newer"))
  func readersAgree() throws {
    let seed = testSeed()
    let folder = FileManager.default.temporaryDirectory.appending(path: "hindcast-damage-\(seed)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let arguments = [GoldenFiles.folder.path, folder.path, "\(seed)", "400"]
    #expect(try IndependentReader.run("tests/damage.py", arguments).status == 0)
    let names = GoldenFiles.names(in: folder)
    #expect(names.count > 300)
    let paths = names.map { folder.appending(path: "\($0).hseg").path }
    let (output, _) = try IndependentReader.run("read_segment.py", ["--verify"] + paths)
    let codes = output.split(separator: "\n").map { $0.split(separator: "\t")[1] }
    var readable: [String] = []
    var expected: [String] = []
    for (index, code) in codes.enumerated() {
      let (ours, lines) = Self.read(try GoldenFiles.bytes(names[index], in: folder))
      let agree = ours == code || Self.interchangeable.isSuperset(of: [ours, String(code)])
      #expect(agree, "seed \(seed), \(names[index]): \(ours), but \(code) in the other reader")
      guard ours == "ok", code == "ok" else { continue }
      readable.append(paths[index])
      expected += lines
    }
    let (text, _) = try IndependentReader.run("read_segment.py", readable)
    #expect(text.split(separator: "\n").map(String.init) == expected, "seed \(seed)")
  }

  private static func read(_ bytes: [UInt8]) -> (code: String, lines: [String]) {
    do throws(HindcastError) {
      return ("ok", try linesByReader(bytes))
    } catch {
      return (error.code.name, [])
    }
  }
}

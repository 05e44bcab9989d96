import Foundation
import HindcastStore
import Testing

/// Format version 1 is frozen: its golden files never change (06-versioning.md).
@Suite struct FrozenFilesTests {
  private static let golden = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()
    .appending(path: "format-spec/golden")

  @Test func everyGoldenFileIsAsItWasFrozen() throws {
    let text = try String(
      contentsOf: Self.golden.appending(path: "SHA256SUMS"), encoding: .utf8)
    var frozen: [String: String] = [:]
    for line in text.split(separator: "\n") {
      let parts = line.split(separator: " ", maxSplits: 1, omittingEmptySubsequences: false)
      frozen[parts[1].trimmingCharacters(in: .whitespaces)] = String(parts[0])
    }
    #expect(frozen.count > 200)
    var found: Set<String> = []
    for name in try FileManager.default.subpathsOfDirectory(atPath: Self.golden.path) {
      let file = Self.golden.appending(path: name)
      guard try file.resourceValues(forKeys: [.isRegularFileKey]).isRegularFile == true,
        !["README.md", "SHA256SUMS", "make_store.sh"].contains(name)
      else { continue }
      found.insert(name)
      let hash = SHA256()
      hash.update([UInt8](try Data(contentsOf: file)))
      let digest = hash.finish().map { String(format: "%02x", $0) }.joined()
      #expect(frozen[name] == digest, "\(name) is not listed in SHA256SUMS, or was changed")
    }
    #expect(found == Set(frozen.keys))
  }
}

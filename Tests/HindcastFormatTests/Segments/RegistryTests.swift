import Foundation
import HindcastFormat
import Testing

@Suite struct RegistryTests {
  @Test func theSpecificationsRegistryIsTheCodes() throws {
    var folder = URL(filePath: #filePath)
    for _ in 0..<4 { folder.deleteLastPathComponent() }
    let text = try String(
      contentsOf: folder.appending(path: "format-spec/registry.csv"), encoding: .utf8)
    let lines = text.split(separator: "\n").dropFirst().map { line in
      line.split(separator: ",", omittingEmptySubsequences: false).prefix(3)
        .joined(separator: ",")
    }
    #expect(Set(lines).symmetricDifference(FormatRegistry.lines) == [])
    #expect(lines.count == Set(lines).count)
  }
}

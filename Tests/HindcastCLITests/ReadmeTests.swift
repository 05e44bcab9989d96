import Foundation
import Testing

@Suite("README")
struct ReadmeTests {
  private static let readme = Sandbox.root.appending(path: "README.md")

  /// The fenced blocks of one language, in order.
  private static func blocks(_ language: String) throws -> [String] {
    var blocks: [String] = []
    var current: [String]?
    let text = try String(contentsOf: readme, encoding: .utf8)
    for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
      if let lines = current {
        if line == "```" {
          blocks.append(lines.joined(separator: "\n"))
          current = nil
        } else {
          current = lines + [String(line)]
        }
      } else if line == "```\(language)" {
        current = []
      }
    }
    return blocks
  }

  /// Blocks marked `sh` run one after the other in one folder, as a reader would type them; what
  /// needs a fresh machine is marked `console`.
  @Test("every command runs")
  func commandsRun() throws {
    let blocks = try Self.blocks("sh")
    #expect(blocks.count >= 3)
    let sandbox = try Sandbox()
    for block in blocks {
      let outcome = try sandbox.shell(block)
      #expect(outcome.code == 0, "\(block)\n\(outcome.output)\n\(outcome.messages)")
    }
  }

  @Test("it is short")
  func length() throws {
    let text = try String(contentsOf: Self.readme, encoding: .utf8)
    #expect(text.split(separator: "\n", omittingEmptySubsequences: false).count <= 201)
  }

  @Test("every file that it links to is there")
  func links() throws {
    let text = try String(contentsOf: Self.readme, encoding: .utf8)
    for match in text.matches(of: /\]\(([^)#]+)[^)]*\)/) {
      let target = String(match.1)
      guard !target.hasPrefix("http") else { continue }
      let path = Sandbox.root.appending(path: target).path
      #expect(FileManager.default.fileExists(atPath: path), "\(target)")
    }
  }
}

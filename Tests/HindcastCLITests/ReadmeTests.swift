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
    guard FileManager.default.isExecutableFile(atPath: RealDataset.python.path) else { return }
    for block in try Self.blocks("python") {
      try sandbox.write(block + "\nassert len(frame) == train.num_rows > 0\n", to: "block.py")
      let outcome = try sandbox.shell("'\(RealDataset.python.path)' block.py")
      #expect(outcome.code == 0, "\(block)\n\(outcome.output)\n\(outcome.messages)")
    }
  }

  @Test("it is short")
  func length() throws {
    let text = try String(contentsOf: Self.readme, encoding: .utf8)
    #expect(text.split(separator: "\n", omittingEmptySubsequences: false).count <= 221)
  }

  private static let modules = [
    "Core", "Format", "Store", "Join", "Online", "Interchange", "Reference", "Datasets", "", "CLI",
  ]

  @Test("every module has a page, and it is one page")
  func modulePages() throws {
    for module in Self.modules {
      let page = Sandbox.root.appending(path: "Sources/Hindcast\(module)/README.md")
      let text = try String(contentsOf: page, encoding: .utf8)
      #expect(text.hasPrefix("# Hindcast\(module)\n"))
      #expect(text.split(separator: "\n", omittingEmptySubsequences: false).count <= 61)
    }
  }

  @Test("every file that the pages link to is there")
  func links() throws {
    let pages =
      ["README.md", "Sources/README.md"] + Self.modules.map { "Sources/Hindcast\($0)/README.md" }
    for page in pages {
      let file = Sandbox.root.appending(path: page)
      let text = try String(contentsOf: file, encoding: .utf8)
      for match in text.matches(of: /\]\(([^)#]+)[^)]*\)/) {
        let target = String(match.1)
        guard !target.hasPrefix("http") else { continue }
        let path = file.deletingLastPathComponent().appending(path: target).path
        #expect(FileManager.default.fileExists(atPath: path), "\(page): \(target)")
      }
    }
  }
}

import Foundation
import Testing

/// The house's rules on its own source that no compiler and no formatter checks.
@Suite("Tidy")
struct TidyTests {
  private let files: [SourceFile]

  init() throws {
    files = try SourceFile.all(below: "Sources") + SourceFile.all(below: "Tests")
  }

  @Test("there is source to look at")
  func findsSource() {
    #expect(files.count > 100)
    #expect(files.contains { $0.path == "Tests/HindcastTidyTests/TidyTests.swift" })
  }

  @Test("every fault that the simulation is tried with can be put in")
  func faultsApply() throws {
    let folder = "Tests/HindcastStoreTests/Simulation/Faults"
    let patches = try FileManager.default.contentsOfDirectory(
      at: SourceFile.root.appending(path: folder), includingPropertiesForKeys: nil)
    #expect(patches.count >= 10)
    for patch in patches {
      var source: SourceFile?
      var hunk: [String] = []
      func finish() {
        let isThere = (source?.lines.joined(separator: "\n") ?? "")
          .contains(hunk.joined(separator: "\n"))
        if !isThere { Issue.record("\(patch.lastPathComponent): \(hunk.first ?? "")") }
        hunk = []
      }
      let text = try String(contentsOf: patch, encoding: .utf8)
      for line in text.split(separator: "\n", omittingEmptySubsequences: true) {
        if line.hasPrefix("--- a/") {
          if !hunk.isEmpty { finish() }
          source = files.first { $0.path == line.dropFirst(6) }
        } else if line.hasPrefix("@@") {
          if !hunk.isEmpty { finish() }
        } else if line.hasPrefix(" ") || line.hasPrefix("-") {
          hunk.append(String(line.dropFirst()))
        }
      }
      finish()
    }
  }

  @Test("no line is longer than 100 columns")
  func lineLength() {
    for file in files {
      let data = file.path.hasPrefix("Tests/") ? file.textLines : []
      for (index, line) in file.lines.enumerated() where line.count > 100 && !data.contains(index) {
        Issue.record("\(file.path):\(index + 1): \(line.count) columns")
      }
    }
  }

  @Test("no file is longer than 500 lines")
  func fileLength() {
    for file in files where file.lines.count > 500 {
      Issue.record("\(file.path): \(file.lines.count) lines")
    }
  }

  @Test("no function is longer than 70 lines")
  func functionLength() {
    for file in files {
      for function in file.functions where function.length > 70 {
        Issue.record("\(file.path):\(function.line): \(function.length) lines")
      }
    }
  }

  @Test("nothing traps on purpose, is forced, or was left for later")
  func bannedWords() {
    let calls = ["fatalError" + "(", "try" + "!", " as" + "! "]
    let marks = ["TO" + "DO", "FIX" + "ME", "X" + "XX", "HA" + "CK", "not " + "implemented"]
    for file in files {
      let code = file.code
      for (index, line) in file.lines.enumerated() {
        for call in calls where code[index].contains(call) {
          Issue.record("\(file.path):\(index + 1): \(call)")
        }
        for mark in marks where line.contains(mark) {
          Issue.record("\(file.path):\(index + 1): \(mark)")
        }
      }
    }
  }

  @Test("no file stands for something that is still to come")
  func placeholders() {
    for file in files {
      let hasCode = file.code.contains { line in
        let text = line.trimmingCharacters(in: .whitespaces)
        return !text.isEmpty && !text.hasPrefix("import ")
      }
      let isUmbrella = file.lines.contains { $0.hasPrefix("@_exported") }
      if !hasCode, !isUmbrella { Issue.record("\(file.path): nothing in it") }
      if file.path.hasSuffix("Placeholder.swift") { Issue.record("\(file.path): a placeholder") }
    }
  }

  @Test("modules point one way")
  func dependencies() {
    let forbidden = [
      "HindcastCore": ["HindcastFormat", "HindcastStore", "HindcastJoin", "HindcastInterchange"],
      "HindcastFormat": ["HindcastStore", "HindcastJoin", "HindcastInterchange"],
      "HindcastStore": ["HindcastJoin", "HindcastOnline", "HindcastInterchange"],
      "HindcastReference": ["HindcastFormat", "HindcastStore", "HindcastJoin", "HindcastOnline"],
      "HindcastInterchange": ["HindcastFormat", "HindcastStore", "HindcastJoin"],
    ]
    for file in files {
      let folders = file.path.split(separator: "/").map(String.init)
      guard folders.count > 1, folders[0] == "Sources" else { continue }
      for module in forbidden[folders[1]] ?? [] {
        if file.lines.contains(where: { $0.hasSuffix("import \(module)") }) {
          Issue.record("\(file.path): imports \(module)")
        }
      }
    }
  }
}

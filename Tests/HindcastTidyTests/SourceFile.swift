import Foundation

/// A Swift file of this package, as a list of lines.
struct SourceFile {
  let path: String
  let lines: [String]

  /// The package's folder.
  static let root = URL(filePath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

  /// All Swift files below a folder of the package.
  static func all(below folder: String) throws -> [SourceFile] {
    let start = root.appending(path: folder)
    guard let walk = FileManager.default.enumerator(at: start, includingPropertiesForKeys: nil)
    else { return [] }
    return try walk.compactMap { $0 as? URL }
      .filter { $0.pathExtension == "swift" }
      .sorted { $0.path < $1.path }
      .map { url in
        let text = try String(contentsOf: url, encoding: .utf8)
        return SourceFile(
          path: String(url.path.dropFirst(root.path.count + 1)),
          lines: text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init))
      }
  }

  /// The numbers of the lines inside texts of several lines, which are data.
  var textLines: Set<Int> {
    var isInText = false
    var result: Set<Int> = []
    for (index, line) in lines.enumerated() {
      let quotes = line.components(separatedBy: "\"\"\"").count - 1
      if isInText, quotes == 0 { result.insert(index) }
      if quotes % 2 == 1 { isInText.toggle() }
    }
    return result
  }

  /// The lines with comments and the insides of texts blanked, so that braces and words count.
  var code: [String] {
    var isInText = false
    return lines.map { line in
      let quotes = line.components(separatedBy: "\"\"\"").count - 1
      if isInText || quotes > 0 {
        if quotes % 2 == 1 { isInText.toggle() }
        return quotes > 0 && isInText ? String(line.prefix { $0 != "\"" }) : ""
      }
      return Self.blanked(line)
    }
  }

  private static func blanked(_ line: String) -> String {
    var result = ""
    var isInText = false
    var previous: Character = " "
    for character in line {
      if character == "\"", previous != "\\" {
        isInText.toggle()
      } else if !isInText {
        if character == "/", previous == "/" { return String(result.dropLast()) }
        result.append(character)
      }
      previous = character
    }
    return result
  }
}

extension SourceFile {
  /// A function, initialiser or accessor, and how many lines it has with its braces.
  struct Function {
    let line: Int
    let length: Int
  }

  /// The functions with bodies, found by matching braces.
  var functions: [Function] {
    let code = self.code
    var result: [Function] = []
    for start in code.indices where Self.startsFunction(code[start]) {
      if let end = Self.end(of: start, in: code) {
        result.append(Function(line: start + 1, length: end - start + 1))
      }
    }
    return result
  }

  private static func startsFunction(_ line: String) -> Bool {
    let words = line.split { " (<?".contains($0) }.map(String.init)
    let modifiers: Set = [
      "public", "package", "internal", "fileprivate", "private", "static", "mutating", "consuming",
      "borrowing", "final", "override", "convenience", "required", "@inlinable",
      "@usableFromInline",
      "@discardableResult", "nonisolated", "@unsafe",
    ]
    guard let first = words.first(where: { !modifiers.contains($0) }) else { return false }
    return ["func", "init", "subscript", "deinit"].contains(first)
  }

  /// The line where the braces that open at or after `start` are closed; nil if there is no body.
  private static func end(of start: Int, in code: [String]) -> Int? {
    var depth = 0
    var parentheses = 0
    var isOpen = false
    for index in start..<code.count {
      for character in code[index] {
        switch character {
        case "(": parentheses += 1
        case ")": parentheses -= 1
        case "{":
          depth += 1
          isOpen = true
        case "}": depth -= 1
        default: break
        }
        if isOpen, depth == 0, parentheses <= 0 { return index }
        if depth < 0 { return nil }
      }
      let isSignature = parentheses > 0 || !isOpen
      if isSignature, index > start + 12 { return nil }
    }
    return nil
  }
}

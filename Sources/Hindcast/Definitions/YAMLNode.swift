import HindcastCore
import Yams

/// A place in a YAML file: its value, and where it is, for messages.
struct YAMLNode {
  private let node: Node
  private let file: String
  /// What the value stands for, like `groups[2].ttl`.
  let path: String

  private init(_ node: Node, file: String, path: String) {
    self.node = node
    self.file = file
    self.path = path
  }

  /// Parses a file's text; an empty file is an error.
  init(parsing text: String, file: String) throws(HindcastError) {
    do {
      guard let root = try Yams.compose(yaml: text) else {
        throw HindcastError(.invalidArgument, "the file is empty", at: .init(file: file))
      }
      self.init(root, file: file, path: "")
    } catch let error as HindcastError {
      throw error
    } catch {
      throw HindcastError(
        .invalidArgument, "not YAML: \(error)", at: .init(file: file), cause: error)
    }
  }

  /// The file and the line.
  var place: GroupDefinition.Place { .init(file: file, line: node.mark?.line) }

  /// An error about this place.
  func refusal(_ why: String) -> HindcastError {
    let line = node.mark.map { "line \($0.line): " } ?? ""
    let subject = path.isEmpty ? "" : "\(path) "
    return HindcastError(.invalidArgument, "\(line)\(subject)\(why)", at: .init(file: file))
  }

  private func child(_ node: Node, _ step: String) -> YAMLNode {
    YAMLNode(
      node, file: file, path: path.isEmpty || step.hasPrefix("[") ? path + step : "\(path).\(step)")
  }

  /// Whether nothing is written: `null`, `~`, an empty value, or `none`.
  var isNone: Bool {
    guard let scalar = node.scalar, scalar.style == .plain else { return false }
    return ["", "~", "null", "Null", "NULL", "none"].contains(scalar.string)
  }

  /// The value as text.
  func text() throws(HindcastError) -> String {
    guard let scalar = node.scalar else { throw refusal("must be a text") }
    return scalar.string
  }

  /// The value as true or false.
  func flag() throws(HindcastError) -> Bool {
    switch node.scalar?.string {
    case "true": return true
    case "false": return false
    default: throw refusal("must be true or false")
    }
  }

  /// The value as a duration that is not negative.
  func span() throws(HindcastError) -> TimeSpan {
    guard let span = TimeSpan(try text()) else {
      throw refusal(
        "'\(try text())' is no duration: a whole number with ns, us, ms, s, m, h, d or w")
    }
    guard span >= .zero else { throw refusal("'\(span)' is negative") }
    return span
  }

  /// The elements of a list.
  func elements() throws(HindcastError) -> [YAMLNode] {
    guard let sequence = node.sequence else { throw refusal("must be a list") }
    return sequence.enumerated().map { child($1, "[\($0 + 1)]") }
  }

  /// Whether this is a list.
  var isList: Bool { node.sequence != nil }

  /// Whether this is a mapping.
  var isMapping: Bool { node.mapping != nil }

  /// The members of a mapping, in order.
  func members() throws(HindcastError) -> [(name: String, value: YAMLNode)] {
    guard let mapping = node.mapping else { throw refusal("must be a mapping of names to values") }
    var members: [(String, YAMLNode)] = []
    for (key, value) in mapping {
      guard let name = key.scalar?.string else { throw refusal("has a key that is not a text") }
      members.append((name, child(value, name)))
    }
    return members
  }

  /// The members of a mapping that may have no names but `known`.
  func members(known: [String]) throws(HindcastError) -> [String: YAMLNode] {
    var result: [String: YAMLNode] = [:]
    for (name, value) in try members() {
      guard known.contains(name) else {
        let hint = NearNames.hint(for: name, among: known)
        throw value.refusal("is not known here.\(hint) Known: \(known.joined(separator: ", "))")
      }
      result[name] = value
    }
    return result
  }

  /// A mapping of texts to texts.
  func texts() throws(HindcastError) -> [String: String] {
    var result: [String: String] = [:]
    for (name, value) in try members() { result[name] = try value.text() }
    return result
  }
}

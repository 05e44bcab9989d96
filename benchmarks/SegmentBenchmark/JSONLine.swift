import HindcastFormat

/// One JSON object on one line, its members in the order in which they were added.
struct JSONLine {
  private var members: [String] = []

  /// The object.
  var text: String { "{" + members.joined(separator: ", ") + "}" }

  mutating func add(_ name: String, _ value: some BinaryInteger) {
    members.append("\"\(name)\": \(value)")
  }

  /// Adds a number; those that JSON has no digits for are null.
  mutating func add(_ name: String, _ value: Double) {
    members.append("\"\(name)\": \(value.isFinite ? "\(value)" : "null")")
  }

  /// Adds a text that needs no escapes.
  mutating func add(_ name: String, _ value: String) {
    members.append("\"\(name)\": \"\(value)\"")
  }

  mutating func add(_ name: String, _ value: JSONLine) {
    members.append("\"\(name)\": \(value.text)")
  }

  /// Adds what a reader counted.
  mutating func add(_ counts: ReadCounts) {
    add("pagesRead", counts.pagesRead)
    add("bytesRead", counts.bytesRead)
    add("valuesDecoded", counts.valuesDecoded)
  }
}

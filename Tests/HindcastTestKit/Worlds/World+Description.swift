public import HindcastCore
public import HindcastReference

extension World: CustomStringConvertible {
  /// The whole case for a person: name, group, request, rows and labels.
  public var description: String {
    var lines = ["world \(name)"]
    let identifiers = group.recordIdentifiers.map { "\($0.name): \($0.type)" }
    lines.append("  identifiers \(identifiers.joined(separator: ", "))")
    lines.append(
      "  labels by \(labelTypes.map(\.description).joined(separator: ", ")) in \(labelUnit)")
    lines.append("  times in \(group.timeUnit)\(group.createdTime == nil ? "" : ", created time")")
    lines.append("  features \(group.features.map { "\($0.type)" }.joined(separator: ", "))")
    let maxAge = options.maxAge.map { "\($0)" } ?? "none"
    lines.append(
      "  delay \(options.delay), max age \(maxAge)\(options.isStrict ? ", strict" : "")"
        + (options.allowsKnownLate ? ", known late" : ""))
    var index = 0
    for (commit, rows) in commits.enumerated() {
      for row in rows {
        lines.append("  row \(index) commit \(Self.commitNumber(commit)): \(describe(row))")
        index += 1
      }
    }
    for (index, label) in labels.enumerated() {
      lines.append("  label \(index): \(describe(label))")
    }
    return lines.joined(separator: "\n")
  }

  /// One row for a person.
  public func describe(_ row: WorldRow) -> String {
    let created =
      group.createdTime == nil ? "" : " created \(row.createdTicks?.description ?? "null")"
    let values =
      row.isTombstone ? "TOMBSTONE" : row.features.map(\.short).joined(separator: ", ")
    return "[\(describe(row.record))] event \(row.eventTicks)\(created) \(values)"
  }

  /// One label for a person.
  public func describe(_ label: WorldLabel) -> String {
    "[\(describe(label.record))] t \(label.ticks?.description ?? "null")"
  }

  private func describe(_ record: [Value]) -> String {
    record.map(\.short).joined(separator: ", ")
  }

  /// The part of the case that concerns one label, with what was expected and what came.
  public func failure(
    label index: Int, expected: ReferenceAnswer, got: String
  ) -> String {
    var focus = self
    focus.labels = [labels[index]]
    let record = ReferenceKey(labels[index].record, types: labelTypes)
    let types = group.recordIdentifiers.map(\.type)
    focus.commits = commits.map { rows in
      rows.filter { record == nil || ReferenceKey($0.record, types: types) == record }
    }
    return """
      \(focus)
        (label \(index) of \(labels.count), only its record's rows; replay with the name above)
        expected \(expected.outcome), row \(expected.winner.map { describe(rows[$0]) } ?? "none")
        got      \(got)
      """
  }
}

extension Value {
  /// A compact form for messages: text as text where it is ASCII, other bytes in hexadecimal.
  public var short: String {
    switch self {
    case .null: return "null"
    case .bool(let bit): return "\(bit)"
    case .integer(let number): return "\(number)"
    case .float32(let bits): return "\(Float(bitPattern: bits))f"
    case .float64(let bits): return "\(Double(bitPattern: bits))"
    case .bytes(let bytes):
      let isPrintable = bytes.allSatisfy { (0x20...0x7E).contains($0) }
      if isPrintable { return "'\(String(decoding: bytes, as: UTF8.self))'" }
      return "x" + bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    case .list(let elements): return "[\(elements.map(\.short).joined(separator: " "))]"
    }
  }
}

import Foundation
import HindcastCore

/// Worlds as JSON lines, for answering them by other means; see `Tests/scripts/duckdb_oracle.py`.
public struct WorldDump {
  private var worldLines: [String] = []
  private var versionLines: [String] = []
  private var labelLines: [String] = []

  /// Dumps some worlds; world `i` of the dump is `worlds[i]`.
  public init(_ worlds: [World]) {
    for (number, world) in worlds.enumerated() { add(world, number) }
  }

  /// Writes `worlds.jsonl`, `versions.jsonl` and `labels.jsonl` into a directory.
  public func write(to directory: String) throws {
    let files = [("worlds", worldLines), ("versions", versionLines), ("labels", labelLines)]
    for (name, lines) in files {
      let text = lines.map { $0 + "\n" }.joined()
      try text.write(toFile: "\(directory)/\(name).jsonl", atomically: false, encoding: .utf8)
    }
  }

  private mutating func add(_ world: World, _ number: Int) {
    let types = world.group.recordIdentifiers.map(\.type)
    worldLines.append(
      Self.object([
        ("world", Self.text(number)),
        ("unit", Self.text(world.group.timeUnit.nanoseconds)),
        ("label_unit", Self.text(world.labelUnit.nanoseconds)),
        ("delay", Self.text(world.options.delay.nanoseconds)),
        ("max_age", Self.text(world.options.maxAge?.nanoseconds)),
        ("strict", "\(world.options.isStrict)"),
        ("known_late", "\(world.options.allowsKnownLate)"),
        ("has_created", "\(world.group.createdTime != nil)"),
        ("factors", Self.list(types.map { Self.text(Self.factor($0)) })),
        ("label_factors", Self.list(world.labelTypes.map { Self.text(Self.factor($0)) })),
      ]))
    for (place, row) in world.rows.enumerated() {
      versionLines.append(
        Self.object([
          ("world", Self.text(number)), ("row", Self.text(place)),
          ("record", Self.list(row.record.map(Self.cell))), ("event", Self.text(row.eventTicks)),
          ("created", Self.text(row.createdTicks)), ("tombstone", "\(row.isTombstone)"),
        ]))
    }
    for (place, label) in world.labels.enumerated() {
      labelLines.append(
        Self.object([
          ("world", Self.text(number)), ("label", Self.text(place)),
          ("record", Self.list(label.record.map(Self.cell))), ("time", Self.text(label.ticks)),
        ]))
    }
  }

  private static func object(_ members: [(String, String)]) -> String {
    "{" + members.map { "\"\($0)\": \($1)" }.joined(separator: ", ") + "}"
  }

  private static func list(_ items: [String]) -> String {
    "[" + items.joined(separator: ", ") + "]"
  }

  private static func text(_ number: (some BinaryInteger)?) -> String {
    number.map { "\"\($0)\"" } ?? "null"
  }

  /// An identifier component; text and binary in hexadecimal, so that bytes stay bytes.
  private static func cell(_ value: Value) -> String {
    switch value {
    case .integer(let number): text(number)
    case .bool(let bit): "\"\(bit)\""
    case .bytes(let bytes):
      "\"x" + bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined() + "\""
    case .null, .float32, .float64, .list: "null"
    }
  }

  private static func factor(_ type: DataType) -> Int64 {
    switch type {
    case .timestamp(let unit, _): unit.nanoseconds
    case .utf8, .binary, .bool: 0
    default: 1
    }
  }
}

import HindcastCore

extension AuditReport: Report {
  /// The verdict, and what differs.
  public var text: String {
    let work =
      "\(Quantities.count(rowCount, "row")), \(Quantities.count(cellCount, "cell")) compared with "
      + "the reference on snapshot \(snapshot)"
    if passes { return "\(file): every cell is what the reference gives. \(work).\n" }
    var lines = ["\(file): \(Quantities.count(mismatchCount, "cell")) DIFFER. \(work)."]
    lines += mismatches.map { mismatch in
      "  row \(mismatch.row), column \"\(mismatch.column)\": the reference gives "
        + "\(Self.shown(mismatch.expected)), the file holds \(Self.shown(mismatch.found))"
    }
    lines += disagreements.map { "  \($0)" }
    return lines.joined(separator: "\n") + "\n"
  }

  /// The verdict, and what differs.
  public var json: JSONValue {
    [
      "file": .string(file), "passes": .bool(passes), "snapshot": .number(snapshot),
      "rows": .number(rowCount), "cells": .number(cellCount),
      "mismatched_cells": .number(mismatchCount),
      "first_mismatches": .array(
        mismatches.map { mismatch in
          [
            "row": .number(mismatch.row), "column": .string(mismatch.column),
            "expected": .string(Self.shown(mismatch.expected)),
            "found": .string(Self.shown(mismatch.found)),
          ]
        }),
      "disagreements": .array(disagreements.map { .string($0) }),
    ]
  }

  /// A cell whose type is not at hand: numbers as they are stored.
  private static func shown(_ value: Value) -> String {
    switch value {
    case .null: "null"
    case .bool(let bit): "\(bit)"
    case .integer(let number): "\(number)"
    case .float32(let bits): "\(Float(bitPattern: bits))"
    case .float64(let bits): "\(Double(bitPattern: bits))"
    case .bytes(let bytes): "'\(String(decoding: bytes, as: UTF8.self))'"
    case .list(let elements): "[\(elements.map(shown).joined(separator: ", "))]"
    }
  }
}

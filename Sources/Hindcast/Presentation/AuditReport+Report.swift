import HindcastCore

extension AuditReport: Report {
  /// The verdict, and what differs.
  public var text: String {
    let work =
      "\(Quantities.count(rowCount, "row")), \(Quantities.count(cellCount, "cell")) compared with "
      + "the reference on snapshot \(snapshot)"
    if passes {
      let rest = erasedCellCount > 0 ? " that can still be answered" : ""
      return "\(file): every cell\(rest) is what the reference gives. \(work).\n\(erased)\(relaxed)"
    }
    let verdict =
      mismatchCount == 0
      ? "the cells agree, the manifest does NOT"
      : "\(Quantities.count(mismatchCount, "cell")) \(mismatchCount == 1 ? "DIFFERS" : "DIFFER")"
    var lines = ["\(file): \(verdict). \(work)."]
    lines += mismatches.map { mismatch in
      "  row \(mismatch.row), column \"\(mismatch.column)\": the reference gives "
        + "\(Self.shown(mismatch.expected)), the file holds \(Self.shown(mismatch.found))"
    }
    lines += disagreements.map { "  \($0)" }
    return lines.joined(separator: "\n") + "\n" + erased + relaxed
  }

  /// Cells whose records are gone are no mismatch.
  private var erased: String {
    guard erasedCellCount > 0 else { return "" }
    let commits = erasingCommits.map { "\($0)" }.joined(separator: ", ")
    return "ERASED SINCE: \(Quantities.count(erasedCellCount, "cell")) are of records that were "
      + "erased in commit \(commits), and can't be compared.\n"
  }

  /// A set that was built with leave to leak is right by its rule; that it leaks has to be said.
  private var relaxed: String {
    guard !relaxedViews.isEmpty else { return "" }
    return "RELAXED: \(relaxedViews.joined(separator: ", ")) took versions known late; "
      + "\(Quantities.count(lateCellCount, "cell")) were not known at their label's time.\n"
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
      "relaxed_views": .array(relaxedViews.map { .string($0) }),
      "cells_known_late": .number(lateCellCount),
      "cells_erased_since": .number(erasedCellCount),
      "erasing_commits": .array(erasingCommits.map { .number($0) }),
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

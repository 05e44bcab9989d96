import HindcastCore
import HindcastFormat

/// The lines of a golden file's `.jsonl`, in the form of the independent reader: ASCII, no spaces,
/// floats as their bits.
enum GoldenLines {
  static func row(_ row: GoldenCase.Row, of schema: SegmentSchema) -> String {
    let id = zip(row.id, schema.recordIdentifiers).map { json($0, $1.type) }
    let features = zip(row.features, schema.features).map { json($0, $1.type) }
    return "{\"id\":[\(id.joined(separator: ","))],\"event_time\":\(row.eventTime),"
      + "\"created_time\":\(row.createdTime.map { "\($0)" } ?? "null"),"
      + "\"tombstone\":\(row.isTombstone),\"features\":[\(features.joined(separator: ","))]}"
  }

  /// The first line, which is about the segment; its figures come from the rows.
  static func head(
    uid: SegmentUID, schema: SegmentSchema, rows: [GoldenCase.Row]
  ) -> String {
    let times = rows.map(\.eventTime)
    let created = rows.compactMap(\.createdTime)
    let runs = zip(rows, rows.dropFirst()).count { $0.id != $1.id } + (rows.isEmpty ? 0 : 1)
    let parts: [(String, String)] = [
      ("uid", "\"\(uid)\""),
      ("time_unit", "\"\(schema.timeUnit)\""),
      ("has_created_time", "\(schema.hasCreatedTime)"),
      ("record_identifiers", fields(schema.recordIdentifiers)),
      ("features", fields(schema.features)),
      ("rows", "\(rows.count)"),
      ("runs", "\(runs)"),
      ("tombstones", "\(rows.count(where: \.isTombstone))"),
      ("min_event_time", "\(times.min() ?? 0)"),
      ("max_event_time", "\(times.max() ?? 0)"),
      ("created_time_nulls", "\(schema.hasCreatedTime ? rows.count - created.count : 0)"),
      ("min_created_time", "\(created.min() ?? 0)"),
      ("max_created_time", "\(created.max() ?? 0)"),
    ]
    return "{" + parts.map { "\"\($0.0)\":\($0.1)" }.joined(separator: ",") + "}"
  }

  private static func fields(_ fields: [Field]) -> String {
    let shown = fields.map {
      "{\"id\":\($0.id),\"name\":\(quoted(Array($0.name.utf8))),\"type\":\"\($0.type)\"}"
    }
    return "[\(shown.joined(separator: ","))]"
  }

  static func json(_ value: Value, _ type: DataType) -> String {
    switch value {
    case .null: "null"
    case .bool(let bit): "\(bit)"
    case .integer(let number): "\(number)"
    case .float32(let bits): "\"0x\(hex(UInt64(bits), digits: 8))\""
    case .float64(let bits): "\"0x\(hex(bits, digits: 16))\""
    case .bytes(let bytes) where type == .binary:
      "\"\(bytes.map { hex(UInt64($0), digits: 2) }.joined())\""
    case .bytes(let bytes): quoted(bytes)
    case .list(let elements):
      "[\(elements.map { json($0, type.element ?? type) }.joined(separator: ","))]"
    }
  }

  private static func hex(_ number: UInt64, digits: Int) -> String {
    let text = String(number, radix: 16)
    return String(repeating: "0", count: max(0, digits - text.count)) + text
  }

  /// A JSON string of ASCII characters, escaped as Python's `json` does.
  private static func quoted(_ bytes: [UInt8]) -> String {
    var result = "\""
    for unit in String(decoding: bytes, as: UTF8.self).utf16 {
      switch unit {
      case 0x22: result += "\\\""
      case 0x5C: result += "\\\\"
      case 0x0A: result += "\\n"
      case 0x0D: result += "\\r"
      case 0x09: result += "\\t"
      case 0x08: result += "\\b"
      case 0x0C: result += "\\f"
      case 0x20...0x7E: result.unicodeScalars.append(Unicode.Scalar(UInt8(unit)))
      default: result += "\\u" + hex(UInt64(unit), digits: 4)
      }
    }
    return result + "\""
  }
}

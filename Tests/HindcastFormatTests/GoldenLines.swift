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

  /// The first line, which is about the segment.
  static func head(uid: SegmentUID, schema: SegmentSchema, figures: Figures) -> String {
    let parts: [(String, String)] = [
      ("uid", "\"\(uid)\""),
      ("time_unit", "\"\(schema.timeUnit)\""),
      ("has_created_time", "\(schema.hasCreatedTime)"),
      ("record_identifiers", fields(schema.recordIdentifiers)),
      ("features", fields(schema.features)),
      ("rows", "\(figures.rows)"),
      ("runs", "\(figures.runs)"),
      ("tombstones", "\(figures.tombstones)"),
      ("min_event_time", "\(figures.minEventTime)"),
      ("max_event_time", "\(figures.maxEventTime)"),
      ("created_time_nulls", "\(figures.createdTimeNulls)"),
      ("min_created_time", "\(figures.minCreatedTime)"),
      ("max_created_time", "\(figures.maxCreatedTime)"),
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
    case .bytes(let bytes) where String(validating: bytes, as: UTF8.self) == nil:
      "{\"hex\":\(json(value, .binary))}"
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

extension GoldenLines {
  /// What a segment's summary says.
  struct Figures {
    var rows, runs, tombstones, createdTimeNulls: Int
    var minEventTime, maxEventTime, minCreatedTime, maxCreatedTime: Int64

    /// The figures of rows, counted plainly.
    init(_ rows: [GoldenCase.Row], hasCreatedTime: Bool) {
      let times = rows.map(\.eventTime)
      let created = rows.compactMap(\.createdTime)
      self.rows = rows.count
      runs = zip(rows, rows.dropFirst()).count { $0.id != $1.id } + (rows.isEmpty ? 0 : 1)
      tombstones = rows.count(where: \.isTombstone)
      createdTimeNulls = hasCreatedTime ? rows.count - created.count : 0
      minEventTime = times.min() ?? 0
      maxEventTime = times.max() ?? 0
      minCreatedTime = created.min() ?? 0
      maxCreatedTime = created.max() ?? 0
    }

    /// The figures that a segment gives of itself.
    init(_ summary: SegmentSummary) {
      rows = summary.rowCount
      runs = summary.runCount
      tombstones = summary.tombstoneCount
      createdTimeNulls = summary.createdTimeNullCount
      minEventTime = summary.minEventTime
      maxEventTime = summary.maxEventTime
      minCreatedTime = summary.minCreatedTime
      maxCreatedTime = summary.maxCreatedTime
    }
  }
}

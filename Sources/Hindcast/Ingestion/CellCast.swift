import HindcastCore

/// Casts.
enum CellCast {
  static func cast(
    _ column: Column, to type: DataType, integerUnit: TimeUnit?, at location: HindcastError.Location
  ) throws(HindcastError) -> (Column, [(row: Int, reason: String)]) {
    if column.type == type { return (column, []) }
    var bad: [(row: Int, reason: String)] = []
    var builder = ColumnBuilder(type: type)
    for row in 0..<column.count {
      do throws(HindcastError) {
        let value = try value(column[row], column.type, type, integerUnit, location)
        var probe = ColumnBuilder(type: type)
        try probe.append(value)
        try builder.append(value)
      } catch {
        if error.code == .typeMismatch { throw error }
        bad.append((row, error.message))
        try builder.append(.null)
      }
    }
    return (try builder.finish(), bad)
  }

  static func value(
    _ v: Value, _ from: DataType, _ to: DataType, _ unit: TimeUnit?, _ at: HindcastError.Location
  ) throws(HindcastError) -> Value {
    if v == .null { return .null }
    if from == .utf8, case .bytes(let b) = v {
      let t = String(decoding: b, as: UTF8.self)
      switch to {
      case .float64: if let d = Double(t) { return .double(d) }
      case .float32: if let d = Float(t) { return .float(d) }
      case .utf8: return v
      case .timestamp(let u, _):
        let instant: Instant
        if let unit, let n = Int64(t) {
          instant = Instant(ticks: n, unit: unit)
        } else {
          instant = try Instant(iso8601: t)
        }
        if let n = instant.ticks(exactly: u) { return .integer(Int128(n)) }
      case .decimal128(_, let s):
        let parts = t.split(separator: ".", omittingEmptySubsequences: false)
        if parts.count <= 2, parts.count < 2 || parts[1].count <= s,
          let n = Int128(
            parts.joined()
              + String(repeating: "0", count: s - (parts.count < 2 ? 0 : parts[1].count)))
        {
          return .integer(n)
        }
      default: return try Value(identifier: t, of: Field(id: 0, name: "", type: to))
      }
      throw HindcastError(.invalidValue, "'\(t)' is no \(to)")
    }
    switch (from, to) {
    case (.timestamp(let a, _), .timestamp(let b, _)):
      if case .integer(let n) = v, let t = Instant(ticks: Int64(n), unit: a).ticks(exactly: b) {
        return .integer(Int128(t))
      }
      throw HindcastError(.invalidValue, "does not fit")
    case (.list, .list): return v
    case _ where from.isInteger && to.isInteger: return v
    default: throw HindcastError(.typeMismatch, "\(from) can't become \(to)", at: at)
    }
  }
}

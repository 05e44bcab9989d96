import HindcastCore
import HindcastFormat

/// A column as a table has it.
struct NamedColumn: Sendable {
  let name: String
  /// Nil for the record identifier, which a segment keeps once a record.
  let reader: ColumnReader?
}

extension SegmentReader {
  /// The features' names.
  var names: [String] { schema.features.map(\.name) }

  /// The columns of the given names: features, `entity` and `event_time`.
  /// - Throws: ``HindcastError`` (`missing_column`).
  func columns(named names: [String]) throws(HindcastError) -> [NamedColumn] {
    var columns: [NamedColumn] = []
    for name in names {
      switch name {
      case "entity": columns.append(NamedColumn(name: name, reader: nil))
      case "event_time": columns.append(NamedColumn(name: name, reader: eventTimes))
      default:
        guard let field = schema.features.first(where: { $0.name == name }),
          let reader = feature(id: field.id)
        else { throw HindcastError(.missingColumn, "there is no column '\(name)'") }
        columns.append(NamedColumn(name: name, reader: reader))
      }
    }
    return columns
  }

  /// The record identifier of every row of a run page's records, as a table has it.
  ///
  /// Only for one int64 identifier, as in all of the benchmark's tables.
  /// - Throws: ``HindcastError`` as ``SegmentReader/runPage(_:)``, or `type_mismatch`.
  func entities(ofRunPage index: Int) throws(HindcastError) -> Column {
    guard schema.recordIdentifiers.map(\.type) == [.int64] else {
      throw HindcastError(.typeMismatch, "the record identifier must be one int64 column")
    }
    let page = try runPage(index)
    let count = page.endRow - page.firstRow
    var values = MutableBuffer(byteCount: 8 * count)
    var target = values.mutableSpan(of: UInt64.self)
    let keys = page.keys.prefixes.span(of: UInt64.self)
    let ends = page.ends.span(of: Int.self)
    var row = 0
    for run in 0..<page.count {
      let value = keys[run] ^ 1 << 63
      let end = ends[run] - page.firstRow
      while row < end {
        target[row] = value
        row &+= 1
      }
    }
    return Column(
      type: .int64, count: count, nullCount: 0, validity: nil, body: .fixed(values.freeze()))
  }
}

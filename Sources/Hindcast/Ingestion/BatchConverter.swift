import HindcastCore
import HindcastFormat
import HindcastInterchange

/// Turns the columns of a file's batch into versions of records, and notes the cells that it can't
/// take.
struct BatchConverter {
  private let plan: RowPlan
  private let options: CastOptions

  init(_ plan: RowPlan, options: CastOptions) {
    self.plan = plan
    self.options = options
  }

  /// The rows of a batch that can be taken in; nil if there are none.
  ///
  /// The columns are given by name, each `count` rows. `problems` must have been told of the batch.
  /// O(cells).
  /// - Throws: ``HindcastError`` for a type that can't serve; bad cells are no errors.
  func convert(
    _ columns: [String: Column], count: Int, problems: inout CellProblems
  ) throws(HindcastError) -> VersionBatch? {
    let parts = try parts(columns, count, &problems)
    for (field, column) in zip(plan.group.features, parts.features) {
      for row in column.rowsOverLimit {
        problems.add(
          row: row, column: field.name, value: column.start(of: row),
          reason: Column.overLimitReason)
      }
    }
    let keys = try encode(parts.identifiers, &problems)
    for row in keys.rowsOverLimit {
      let (field, column) = (plan.group.recordIdentifiers[0], parts.identifiers[0])
      problems.add(
        row: row, column: field.name, value: column.start(of: row),
        reason: KeyVector.overLimitReason)
    }
    guard !problems.reasonByBatchRow.isEmpty else { return versions(parts, keys, count) }
    let kept = (0..<Int32(count)).filter { problems.reasonByBatchRow[Int($0)] == nil }
    guard !kept.isEmpty else { return nil }
    let good = parts.map { $0.taking(kept) }
    return versions(good, try encode(good.identifiers, &problems), kept.count)
  }

  /// The columns of a version, cast to the group's types.
  private struct Parts {
    var identifiers: [Column]
    var eventTimes: Column
    var createdTimes: Column?
    var deleted: Column?
    var features: [Column]

    func map(_ transform: (Column) -> Column) -> Parts {
      Parts(
        identifiers: identifiers.map(transform), eventTimes: transform(eventTimes),
        createdTimes: createdTimes.map(transform), deleted: deleted.map(transform),
        features: features.map(transform))
    }
  }

  private func parts(
    _ columns: [String: Column], _ count: Int, _ problems: inout CellProblems
  ) throws(HindcastError) -> Parts {
    let identifiers = try identifiers(columns, &problems)
    let eventTimes = try times(plan.eventTime, columns, count, &problems)
    if case .column(let name) = plan.eventTime, let source = columns[name] {
      Self.refuseNulls(of: source, column: name, Self.nullReasons[1], &problems)
    }
    var createdTimes: Column?
    if let source = plan.createdTime {
      createdTimes = try times(source, columns, count, &problems)
    }
    var deleted: Column?
    if case .column(let name) = plan.deletion {
      deleted = try cast(columns, name, to: .bool, &problems)
    }
    var features: [Column] = []
    for field in plan.group.features {
      let isRead = plan.features.contains { $0.id == field.id }
      features.append(
        isRead
          ? try cast(columns, field.name, to: field.type, &problems)
          : Column.nulls(type: field.type, count: count))
    }
    return Parts(
      identifiers: identifiers, eventTimes: eventTimes, createdTimes: createdTimes,
      deleted: deleted, features: features)
  }

  /// The identifier columns; null cells are noted.
  private func identifiers(
    _ columns: [String: Column], _ problems: inout CellProblems
  ) throws(HindcastError) -> [Column] {
    var identifiers: [Column] = []
    for field in plan.group.recordIdentifiers {
      guard let source = columns[field.name] else { throw missing(field.name) }
      Self.refuseNulls(of: source, column: field.name, Self.nullReasons[0], &problems)
      let isParsed = options.isTextSource && source.type == .utf8
      identifiers.append(
        isParsed ? try cast(columns, field.name, to: field.type, &problems) : source)
    }
    return identifiers
  }

  /// The records' keys; cells that no record can have are noted.
  private func encode(
    _ identifiers: [Column], _ problems: inout CellProblems
  ) throws(HindcastError) -> KeyVector {
    let fields = plan.group.recordIdentifiers
    let encoded = try Self.encode(identifiers, fields)
    guard encoded.absentRows != nil else { return encoded.keys }
    for (column, field) in zip(identifiers, fields) {
      guard let absent = try Self.encode([column], [field]).absentRows else { continue }
      let reason = "does not fit the record identifier's \(field.type)"
      Self.refuse(absent, of: column, column: field.name, reason, &problems)
    }
    return encoded.keys
  }

  private static func encode(
    _ columns: [Column], _ fields: [Field]
  ) throws(HindcastError) -> KeyEncoder.Encoded {
    let encoder = try KeyEncoder(
      layout: KeyLayout(components: fields.map(\.type)), sources: columns.map(\.type),
      names: fields.map(\.name))
    return try encoder.encode(columns)
  }

  private func times(
    _ source: RowPlan.Time, _ columns: [String: Column], _ count: Int,
    _ problems: inout CellProblems
  ) throws(HindcastError) -> Column {
    let type = DataType.timestamp(plan.group.timeUnit, zone: plan.group.eventTimeZone)
    switch source {
    case .constant(let ticks): return Column(type: type, [Int64](repeating: ticks, count: count))
    case .column(let name): return try cast(columns, name, to: type, &problems)
    }
  }

  private func cast(
    _ columns: [String: Column], _ name: String, to type: DataType,
    _ problems: inout CellProblems
  ) throws(HindcastError) -> Column {
    guard let source = columns[name] else { throw missing(name) }
    return try source.cast(to: type, named: name, options: options, problems: &problems)
  }

  private func missing(_ name: String) -> HindcastError {
    HindcastError(.missingColumn, "there is no column '\(name)'")
  }

  /// Why a null cell is refused.
  static let nullReasons = ["can't be a record identifier", "can't be an event time"]

  private static func refuseNulls(
    of source: Column, column: String, _ reason: String, _ problems: inout CellProblems
  ) {
    guard source.nullCount > 0 else { return }
    for row in 0..<source.count where source.isNull(row) {
      problems.add(row: row, column: column, value: "null", reason: reason)
    }
  }

  private static func refuse(
    _ marks: Buffer, of source: Column, column: String, _ reason: String,
    _ problems: inout CellProblems
  ) {
    let bits = marks.span(of: UInt8.self)
    for row in 0..<source.count where Bits.get(bits, row) && !source.isNull(row) {
      let value = source[row].text(as: source.type)
      problems.add(row: row, column: column, value: value, reason: reason)
    }
  }

  private func versions(_ parts: Parts, _ keys: KeyVector, _ count: Int) -> VersionBatch {
    VersionBatch(
      keys: keys, eventTimes: parts.eventTimes.fixed, createdTimes: parts.createdTimes,
      tombstones: tombstones(parts, count), features: parts.features)
  }

  /// One bit a row, set where the row is a tombstone; nil if none is.
  private func tombstones(_ parts: Parts, _ count: Int) -> Buffer? {
    if case .all = plan.deletion {
      return Buffer([UInt8](repeating: 0xFF, count: Bits.byteCount(count)))
    }
    guard let deleted = parts.deleted, case .bits(let bits) = deleted.body else { return nil }
    var marks = [UInt8](repeating: 0, count: Bits.byteCount(count))
    var isAny = false
    let flags = bits.span(of: UInt8.self)
    for row in 0..<count where Bits.get(flags, row) && !deleted.isNull(row) {
      marks[row >> 3] |= 1 << UInt8(row & 7)
      isAny = true
    }
    return isAny ? Buffer(marks) : nil
  }
}

extension Column {
  /// How a text or list that is too long to be shown begins.
  fileprivate func start(of row: Int) -> String {
    switch body {
    case .bytes(let offsets, let data):
      let ends = offsets.span(of: Int32.self)
      let (start, end) = (Int(ends[row]), Int(ends[row + 1]))
      let bytes = data.span(of: UInt8.self).extracting(start..<min(start + 20, end))
      return String(decoding: bytes.indices.map { bytes[$0] }, as: UTF8.self) + "..."
    case .list(let offsets, _):
      let ends = offsets.span(of: Int32.self)
      return "a list of \((ends[row + 1] - ends[row]).formatted())"
    case .bits, .fixed: return ""
    }
  }
}

import HindcastCore

/// Turns the columns of a file's batch into versions of records, and says which rows it can't.
struct BatchConverter {
  private let plan: RowPlan
  private let file: String
  private let integerTimeUnit: TimeUnit?
  /// Whether every column is text, so that identifiers are parsed rather than compared.
  private let isText: Bool

  init(_ plan: RowPlan, file: String, isText: Bool, integerTimeUnit: TimeUnit?) {
    self.plan = plan
    self.file = file
    self.isText = isText
    self.integerTimeUnit = integerTimeUnit
  }

  /// What became of a batch.
  struct Result {
    /// The rows that can be taken in; nil if there are none.
    var versions: VersionBatch?
    /// The bad rows, a problem each, in order.
    var problems: [RowProblem]
  }

  /// Converts a batch whose columns are given by name. O(cells).
  /// - Throws: ``HindcastError`` for a type that can't serve; bad cells are no errors.
  func convert(
    _ columns: [String: Column], count: Int, firstRow: Int
  ) throws(HindcastError) -> Result {
    var problems = BatchProblems(file: file, firstRow: firstRow, count: count)
    let parts = try parts(columns, count, &problems)
    let bad = problems.finish()
    if bad.isEmpty { return Result(versions: try versions(parts, count), problems: []) }
    let badRows = Set(bad.map { $0.row - firstRow - 1 })
    let kept = (0..<count).filter { !badRows.contains($0) }.map { Int32($0) }
    guard !kept.isEmpty else { return Result(versions: nil, problems: bad) }
    let good = parts.map { $0.taking(kept) }
    return Result(versions: try versions(good, kept.count), problems: bad)
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
    _ columns: [String: Column], _ count: Int, _ problems: inout BatchProblems
  ) throws(HindcastError) -> Parts {
    let identifiers = try identifiers(columns, &problems)
    guard let eventTimes = try times(plan.eventTime, columns, count, &problems) else {
      preconditionFailure("every version has an event time")
    }
    if case .column(let name) = plan.eventTime, eventTimes.nullCount > 0 {
      problems.addNulls(of: eventTimes, column: name, "the event time is null")
    }
    let createdTimes = try plan.createdTime.flatMap { source throws(HindcastError) in
      try times(source, columns, count, &problems)
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
          ? try feature(field, columns, &problems) : Column.nulls(type: field.type, count: count))
    }
    return Parts(
      identifiers: identifiers, eventTimes: eventTimes, createdTimes: createdTimes,
      deleted: deleted, features: features)
  }

  /// The identifier columns, null and unfitting cells noted.
  private func identifiers(
    _ columns: [String: Column], _ problems: inout BatchProblems
  ) throws(HindcastError) -> [Column] {
    var identifiers: [Column] = []
    for field in plan.group.recordIdentifiers {
      guard let source = columns[field.name] else { throw Self.missing(field.name, file) }
      let column =
        isText && field.type != .utf8
        ? try cast(columns, field.name, to: field.type, &problems) : source
      if column.nullCount > 0 {
        problems.addNulls(of: column, column: field.name, "the record identifier is null")
      }
      let encoder = try encoder([field], [column.type])
      if let absent = try encoder.encode([column]).absentRows {
        problems.add(
          absent, of: column, column: field.name,
          "does not fit the record identifier's \(field.type)")
      }
      identifiers.append(column)
    }
    return identifiers
  }

  private func encoder(
    _ fields: [Field], _ sources: [DataType]
  ) throws(HindcastError) -> KeyEncoder {
    do {
      return try KeyEncoder(
        layout: KeyLayout(components: fields.map(\.type)), sources: sources,
        names: fields.map(\.name))
    } catch {
      var error = error
      error.location?.file = file
      throw error
    }
  }

  private func times(
    _ source: RowPlan.Time, _ columns: [String: Column], _ count: Int,
    _ problems: inout BatchProblems
  ) throws(HindcastError) -> Column? {
    let type = DataType.timestamp(plan.group.timeUnit, zone: plan.group.eventTimeZone)
    switch source {
    case .constant(let ticks):
      return Column(type: type, [Int64](repeating: ticks, count: count))
    case .column(let name):
      return try cast(columns, name, to: type, &problems)
    }
  }

  private func feature(
    _ field: Field, _ columns: [String: Column], _ problems: inout BatchProblems
  ) throws(HindcastError) -> Column {
    guard case .set(let element) = field.type else {
      return try cast(columns, field.name, to: field.type, &problems)
    }
    let lists = try cast(columns, field.name, to: .list(element), &problems)
    let rowsWithNull = Self.rowsWithNull(lists)
    for row in rowsWithNull {
      problems.add(row, of: lists, column: field.name, "a set can't hold null")
    }
    guard !rowsWithNull.isEmpty else { return lists.sortedAsSets().column }
    let rows = Set(rowsWithNull)
    return lists.taking((0..<Int32(lists.count)).map { rows.contains(Int($0)) ? -1 : $0 })
      .sortedAsSets().column
  }

  /// The rows whose list holds a null.
  private static func rowsWithNull(_ lists: Column) -> [Int] {
    guard case .list(let offsets, let child) = lists.body, child.nullCount > 0 else { return [] }
    let ends = offsets.span(of: Int32.self)
    return (0..<lists.count).filter { row in
      (ends[row]..<ends[row + 1]).contains { child.isNull(Int($0)) }
    }
  }

  private func cast(
    _ columns: [String: Column], _ name: String, to type: DataType,
    _ problems: inout BatchProblems
  ) throws(HindcastError) -> Column {
    guard let source = columns[name] else { throw Self.missing(name, file) }
    let location = HindcastError.Location(file: file, column: name)
    let (column, bad) = try CellCast.cast(
      source, to: type, integerUnit: integerTimeUnit, at: location)
    for cell in bad { problems.add(cell.row, of: source, column: name, cell.reason) }
    return column
  }

  private static func missing(_ name: String, _ file: String) -> HindcastError {
    HindcastError(.missingColumn, "there is no column '\(name)'", at: .init(file: file))
  }

  private func versions(_ parts: Parts, _ count: Int) throws(HindcastError) -> VersionBatch {
    let keys = try encoder(plan.group.recordIdentifiers, parts.identifiers.map(\.type))
      .encode(parts.identifiers).keys
    return VersionBatch(
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

/// The problems of a batch while it is converted: the first of each row counts.
struct BatchProblems {
  private let file: String
  private let firstRow: Int
  private let count: Int
  private var byRow: [Int: RowProblem] = [:]

  init(file: String, firstRow: Int, count: Int) {
    self.file = file
    self.firstRow = firstRow
    self.count = count
  }

  /// Notes that the cell at `row` of `source` is bad.
  mutating func add(_ row: Int, of source: Column, column: String, _ reason: String) {
    guard byRow[row] == nil else { return }
    let isNull = source.isNull(row)
    let text = isNull ? nil : source[row].text(as: source.type)
    byRow[row] = RowProblem(
      file: file, row: firstRow + row + 1, column: column, value: text, reason: reason)
  }

  /// Notes every null of a column.
  mutating func addNulls(of source: Column, column: String, _ reason: String) {
    for row in 0..<count where source.isNull(row) { add(row, of: source, column: column, reason) }
  }

  /// Notes every marked row; the reason follows the value.
  mutating func add(_ marks: Buffer, of source: Column, column: String, _ reason: String) {
    let bits = marks.span(of: UInt8.self)
    for row in 0..<count where Bits.get(bits, row) {
      let value = source[row].text(as: source.type)
      add(row, of: source, column: column, "'\(value)' \(reason)")
    }
  }

  /// The problems in the order of rows.
  consuming func finish() -> [RowProblem] {
    byRow.values.sorted { $0.row < $1.row }
  }
}

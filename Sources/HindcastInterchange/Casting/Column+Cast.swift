public import HindcastCore

extension Column {
  /// The column as another type, every value exactly as it was or refused.
  ///
  /// Refused cells are null in the result and added to `problems`. Text becomes:
  /// - integers: digits with `-` before them, no spaces, no `+`;
  /// - float32 and float64: a decimal number, rounded to the nearest value, or `nan`, `inf`,
  ///   `infinity` in any case;
  /// - bool: `true`, `false`, `t`, `f`, `1`, `0` in any case;
  /// - timestamps: ISO 8601 with an offset, a date (00:00 UTC), or an integer if its unit is
  ///   stated;
  /// - dates: `YYYY-MM-DD`; decimals: a decimal number that fits; binary: base64;
  /// - lists, sets and vectors: a JSON array.
  /// - Throws: ``HindcastError`` (`type_mismatch`) if the types do not go together at all.
  /// - Complexity: O(rows); nothing is copied if the types are equal.
  public func cast(
    to target: DataType, named name: String, options: CastOptions, problems: inout CellProblems
  ) throws(HindcastError) -> Column {
    if type == target { return self }
    try type.checkCast(to: target, named: name, options: options)
    var work = CastWork(name: name, options: options, problems: problems)
    defer { problems = work.problems }
    switch (type, target) {
    case (.utf8, _): return try work.text(self, to: target)
    case (.timestamp(let from, _), .timestamp(let to, _)):
      return work.times(self, from: from, to: to, target)
    case (.date, .timestamp(let to, _)): return work.dates(self, to: to, target)
    case (_, .timestamp(let to, _)):
      guard let from = options.integerUnit else { return self }
      let ticks = work.integers(self, to: .int64)
      return work.times(ticks, from: from, to: to, target)
    case (_, .bool): return work.bits(self)
    case (_, .decimal128(let precision, let scale)):
      return work.decimals(self, precision: precision, scale: scale)
    case (_, .float32), (_, .float64): return work.floats(self, to: target)
    case (_, _) where target.element != nil: return try work.lists(self, to: target)
    default: return work.integers(self, to: target)
    }
  }
}

extension ArrowBatch {
  /// The column at `index` as a declared type; a column that knows only nulls fits every type.
  ///
  /// `problems` must have been told of the batch by ``CellProblems/startBatch(firstRow:)``.
  /// - Throws: ``HindcastError`` as ``column(_:)`` and
  ///   ``HindcastCore/Column/cast(to:named:options:problems:)``.
  public func column(
    _ index: Int, as type: DataType, options: CastOptions, problems: inout CellProblems
  ) throws(HindcastError) -> Column {
    let field = schema.fields[index]
    if field.isNullType { return Column.nulls(type: type, count: count) }
    return try column(index).cast(
      to: type, named: field.name, options: options, problems: &problems)
  }
}

extension ArrowField {
  /// Checks, before any work, that the column can be cast to `target`.
  /// - Throws: ``HindcastError`` (`type_mismatch`) that names the column and says what to do.
  public func checkCast(to target: DataType, options: CastOptions) throws(HindcastError) {
    if isNullType { return }
    guard let type else {
      throw HindcastError(
        .typeMismatch, "the column is \(typeName), and \(target) is wanted",
        at: .init(column: name))
    }
    try type.checkCast(to: target, named: name, options: options)
  }
}

/// One cast under way: what to call the column, and where refused cells go.
struct CastWork {
  let name: String
  let options: CastOptions
  var problems: CellProblems

  /// Adds the refused rows to the problems.
  mutating func report(_ rows: [Int32], _ source: Column, _ reason: (Int) -> String) {
    for row in rows {
      problems.add(
        row: Int(row), column: name, value: source.shortText(Int(row)), reason: reason(Int(row)))
    }
  }
}

extension Column {
  /// A cell for a message, at most 60 characters.
  func shortText(_ row: Int) -> String {
    guard row < count, !isNull(row), let text = try? taking([Int32(row)]).asText(.cell) else {
      return "null"
    }
    guard case .bytes(let whole) = text[0] else { return "null" }
    let string = String(decoding: whole, as: UTF8.self)
    return string.count <= 60 ? string : string.prefix(57) + "..."
  }

  /// The same column with nulls at the given rows.
  func nulling(_ rows: [Int32]) -> Column {
    guard !rows.isEmpty else { return self }
    if case .fixed = body { return nullingBits(rows) }
    if case .bits = body { return nullingBits(rows) }
    var indices = (0..<Int32(count)).map { isNull(Int($0)) ? -1 : $0 }
    for row in rows { indices[Int(row)] = -1 }
    return taking(indices)
  }

  private func nullingBits(_ rows: [Int32]) -> Column {
    var bytes = MutableBuffer(byteCount: Bits.byteCount(count))
    var bits = bytes.mutableSpan(of: UInt8.self)
    for row in 0..<count where !isNull(row) { Bits.set(&bits, row) }
    for row in rows { Bits.clear(&bits, Int(row)) }
    let validity = bytes.freeze()
    let nullCount = count - Bits.population(validity.span(of: UInt8.self), count: count)
    return Column(
      type: type, count: count, nullCount: nullCount, validity: validity, body: body)
  }
}

public import HindcastCore

extension World {
  /// The history as batches, one a commit, rows in arrival order.
  public func batches() throws(HindcastError) -> [VersionBatch] {
    var batches: [VersionBatch] = []
    for rows in commits { batches.append(try batch(rows)) }
    return batches
  }

  /// Some rows as a batch, in their order.
  public func batch(_ rows: [WorldRow]) throws(HindcastError) -> VersionBatch {
    let types = group.recordIdentifiers.map(\.type)
    var identifiers: [Column] = []
    for (index, type) in types.enumerated() {
      identifiers.append(try Column(type: type, values: rows.map { $0.record[index] }))
    }
    let encoder = try KeyEncoder(
      layout: KeyLayout(group), sources: types, names: group.recordIdentifiers.map(\.name))
    var features: [Column] = []
    for (index, field) in group.features.enumerated() {
      features.append(try Column(type: field.type, values: rows.map { $0.features[index] }))
    }
    return VersionBatch(
      keys: try encoder.encode(identifiers).keys,
      eventTimes: Buffer(rows.map(\.eventTicks)),
      createdTimes: group.createdTime == nil
        ? nil : try timestamps(rows.map(\.createdTicks), group.timeUnit),
      tombstones: rows.contains(where: \.isTombstone) ? bits(rows.map(\.isTombstone)) : nil,
      features: features)
  }

  /// The labels' identifier columns, in key order.
  public func labelColumns() throws(HindcastError) -> [Column] {
    var columns: [Column] = []
    for (index, type) in labelTypes.enumerated() {
      columns.append(try Column(type: type, values: labels.map { $0.record[index] }))
    }
    return columns
  }

  /// The labels' times, a timestamp column in the world's label unit.
  public func labelTimes() throws(HindcastError) -> Column {
    try timestamps(labels.map(\.ticks), labelUnit)
  }

  private func timestamps(
    _ ticks: [Int64?], _ unit: TimeUnit
  ) throws(HindcastError) -> Column {
    try Column(
      type: .timestamp(unit, zone: "UTC"),
      values: ticks.map { $0.map { .integer(Int128($0)) } ?? .null })
  }

  private func bits(_ flags: [Bool]) -> Buffer {
    var buffer = MutableBuffer(byteCount: Bits.byteCount(flags.count))
    var span = buffer.mutableSpan(of: UInt8.self)
    for (index, flag) in flags.enumerated() where flag { Bits.set(&span, index) }
    return buffer.freeze()
  }
}

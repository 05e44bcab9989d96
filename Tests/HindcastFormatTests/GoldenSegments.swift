import HindcastCore
import HindcastFormat

extension GoldenCase {
  /// The uid of golden files: fixed, so that the same rows give the same bytes.
  var uid: SegmentUID? { SegmentUID("00112233445566778899aabbccddeeff") }

  var schema: SegmentSchema { SegmentSchema(group) }

  /// The rows as a writer takes them.
  func batch() throws -> VersionBatch {
    let identifiers = try group.recordIdentifiers.enumerated().map { index, field in
      try Column(type: field.type, values: rows.map { $0.id[index] })
    }
    let encoder = try KeyEncoder(
      layout: schema.keyLayout, sources: group.recordIdentifiers.map(\.type),
      names: group.recordIdentifiers.map(\.name))
    let features = try group.features.enumerated().map { index, field in
      try Column(type: field.type, values: rows.map { $0.features[index] })
    }
    let created = try Column(
      type: .timestamp(group.timeUnit, zone: nil),
      values: rows.map { $0.createdTime.map { .integer(Int128($0)) } ?? .null })
    let tombstones = try Column(type: .bool, values: rows.map { .bool($0.isTombstone) })
    guard case .bits(let bits) = tombstones.body else { preconditionFailure() }
    return VersionBatch(
      keys: try encoder.encode(identifiers).keys, eventTimes: Buffer(rows.map(\.eventTime)),
      createdTimes: group.createdTime == nil ? nil : created,
      tombstones: rows.contains(where: \.isTombstone) ? bits : nil, features: features)
  }

  /// The case as a segment.
  func segment() throws -> [UInt8] {
    guard let uid, let profile = Profile(rawValue: profile) else { preconditionFailure() }
    let batch = try batch()
    var sizes = ColumnSizes(schema: schema)
    sizes.add(batch)
    let file = MemoryWritableFile()
    var writer = try SegmentWriter(
      file: file, uid: uid, schema: schema, profile: profile, sizes: sizes)
    if !rows.isEmpty { try writer.append(batch) }
    _ = try writer.finish()
    let bytes = file.buffer.span(of: UInt8.self)
    return bytes.indices.map { bytes[$0] }
  }

  /// The lines that the segment must give, from the test's own arrays.
  func lines() -> [String] {
    guard let uid else { return [] }
    let figures = GoldenLines.Figures(rows, hasCreatedTime: schema.hasCreatedTime)
    return [GoldenLines.head(uid: uid, schema: schema, figures: figures)]
      + rows.map { GoldenLines.row($0, of: schema) }
  }
}

/// The lines of a segment as the engine's reader sees them; reads and verifies all of it.
func linesByReader(_ bytes: [UInt8]) throws(HindcastError) -> [String] {
  let reader = try SegmentReader(file: MemoryFile(Buffer(bytes)), expecting: nil)
  let rows = try rowsByReader(reader)
  try reader.verify()
  let figures = GoldenLines.Figures(reader.summary)
  return [GoldenLines.head(uid: reader.uid, schema: reader.schema, figures: figures)]
    + rows.map { GoldenLines.row($0, of: reader.schema) }
}

private func rowsByReader(_ reader: SegmentReader) throws(HindcastError) -> [GoldenCase.Row] {
  var ids: [[Value]] = []
  _ = try reader.fences()
  for index in 0..<reader.runPageCount {
    let page = try reader.runPage(index)
    let ends = page.ends.span(of: Int.self)
    for run in 0..<page.keys.count {
      let id = try reader.keyLayout.decode(page.keys.bytes(run))
      while ids.count < ends[run] { ids.append(id) }
    }
  }
  let eventTimes = try values(reader.eventTimes)
  let createdTimes = try reader.createdTimes.map(values)
  let tombstones = try reader.tombstones.map(values)
  var features: [[Value]] = []
  for field in reader.schema.features {
    guard let column = reader.feature(id: field.id) else { continue }
    features.append(try values(column))
  }
  return ids.indices.map { row in
    GoldenCase.Row(
      id: ids[row], eventTime: ticks(eventTimes[row]) ?? 0,
      createdTime: createdTimes.flatMap { ticks($0[row]) },
      isTombstone: tombstones?[row] == .bool(true), features: features.map { $0[row] })
  }
}

private func values(_ column: ColumnReader) throws(HindcastError) -> [Value] {
  var values: [Value] = []
  for page in 0..<column.pageCount {
    values += try column.page(page).values
  }
  return values
}

private func ticks(_ value: Value) -> Int64? {
  guard case .integer(let number) = value else { return nil }
  return Int64(exactly: number)
}

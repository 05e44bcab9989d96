import HindcastCore
import HindcastFormat

/// Versions in segment order, as plain values, and what is needed to write and check them.
struct TestSegment {
  var schema: SegmentSchema
  var batches: [VersionBatch]
  var bytes: Buffer
  var summary: SegmentSummary

  var rowCount: Int { batches.reduce(0) { $0 + $1.count } }
}

/// How a test segment is made.
struct SegmentRecipe {
  var keyTypes: [DataType] = [.int64]
  var featureTypes: [DataType] = [.int32]
  var rowCount = 1000
  var rowsPerRecord = 7
  var hasCreatedTime = false
  var tombstoneShare = 0.0
  var nullShare = 0.1
  var batchRowCount = 300
  var profile = Profile.balanced
  var shape: Shape?
}

extension SegmentRecipe {
  var group: FeatureGroup {
    let identifiers = keyTypes.enumerated().map { index, type in
      Field(id: UInt32(index + 1), name: "k\(index)", type: type)
    }
    let features = featureTypes.enumerated().map { index, type in
      Field(id: UInt32(100 + index), name: "f\(index)", type: type)
    }
    return FeatureGroup(
      name: "g", recordIdentifiers: identifiers, eventTime: "t",
      createdTime: hasCreatedTime ? "c" : nil, features: features)
  }

  func make(using generator: inout SeededGenerator) throws -> TestSegment {
    let schema = SegmentSchema(group)
    var batches: [VersionBatch] = []
    var start = 0
    while start < rowCount {
      let end = min(rowCount, start + batchRowCount)
      batches.append(try batch(start..<end, schema, using: &generator))
      start = end
    }
    let (bytes, summary) = try write(batches, schema)
    return TestSegment(schema: schema, batches: batches, bytes: bytes, summary: summary)
  }

  func write(
    _ batches: [VersionBatch], _ schema: SegmentSchema
  ) throws -> (Buffer, SegmentSummary) {
    var sizes = ColumnSizes(schema: schema)
    for batch in batches { sizes.add(batch) }
    let file = MemoryWritableFile()
    var writer = try SegmentWriter(
      file: file, uid: SegmentUID(seed: 1), schema: schema, profile: profile, sizes: sizes)
    for batch in batches { try writer.append(batch) }
    let summary = try writer.finish()
    return (file.buffer, summary)
  }

  private func batch(
    _ rows: Range<Int>, _ schema: SegmentSchema, using generator: inout SeededGenerator
  ) throws -> VersionBatch {
    let records = rows.map { $0 / rowsPerRecord }
    let identifiers = try keyTypes.enumerated().map { index, type in
      // The first component names the record; text sorts as its digits do.
      try Column(
        type: type,
        values: records.map { record in
          switch type {
          case .utf8, .binary: .text(String(1_000_000 + record))
          case .bool: .bool(true)
          default: .integer(Int128(index == 0 ? record - (type == .uint64 ? 0 : 50) : 3))
          }
        })
    }
    let encoder = try KeyEncoder(
      layout: schema.keyLayout, sources: keyTypes, names: identifiers.indices.map { "k\($0)" })
    let tombstones = rows.map { _ in Double.random(in: 0..<1, using: &generator) < tombstoneShare }
    let features = try featureTypes.map { type in
      try Column(
        type: type,
        values: randomValues(
          type, shape ?? Shape.allCases.randomElement(using: &generator) ?? .random,
          count: rows.count, nullShare: nullShare, using: &generator))
    }
    return VersionBatch(
      keys: try encoder.encode(identifiers).keys,
      eventTimes: Buffer(rows.map { Int64($0 * 10 - 2000) }),
      createdTimes: hasCreatedTime
        ? try Column(
          type: .timestamp(.microsecond, zone: "UTC"),
          values: rows.map { $0 % 5 == 0 ? .null : .integer(Int128($0 * 10 + 3)) }) : nil,
      tombstones: tombstoneShare > 0
        ? try Column(type: .bool, values: tombstones.map { .bool($0) }).bits : nil,
      features: features)
  }
}

extension Column {
  /// The bit map of a bool column.
  var bits: Buffer? {
    guard case .bits(let bits) = body else { return nil }
    return bits
  }
}

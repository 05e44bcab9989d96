import HindcastCore
import HindcastFormat

/// Makes the rows of a segment, in segment order, from the bytes of an input.
enum RowGenerator {
  private static let keyTypes: [[DataType]] = [
    [.int64], [.uint64], [.utf8], [.binary], [.bool], [.int8], [.date],
    [.timestamp(.second, zone: nil)], [.int32, .utf8], [.utf8, .int64], [.bool, .binary, .uint16],
  ]

  /// All rows in one batch, with their schema.
  static func rows(from source: inout ByteSource) throws -> (VersionBatch, SegmentSchema) {
    let schema = schema(from: &source)
    let records = records(from: &source, limit: recordLimit(schema))
    let count = records.count
    let (times, created) = times(records, schema.hasCreatedTime, from: &source)
    var createdTimes: Column?
    if schema.hasCreatedTime {
      let type = DataType.timestamp(schema.timeUnit, zone: "UTC")
      createdTimes = try Column(
        type: type, values: created.map { $0.map { .integer(Int128($0)) } ?? .null })
    }
    var tombstones: Buffer?
    if source.flag() {
      let numbers = ColumnGenerator.numbers(count, byteCount: 1, from: &source)
      tombstones = ColumnGenerator.bits(numbers.map { $0 & 7 == 7 })
    }
    let features = schema.features.map {
      ColumnGenerator.column($0.type, count: count, from: &source)
    }
    let batch = VersionBatch(
      keys: try keys(records, schema), eventTimes: Buffer(times), createdTimes: createdTimes,
      tombstones: tombstones, features: features)
    return (batch, schema)
  }

  private static func schema(from source: inout ByteSource) -> SegmentSchema {
    let identifiers = source.element(of: keyTypes).enumerated().map { index, type in
      Field(id: UInt32(index + 1), name: "k\(index)", type: type)
    }
    let features = (0..<source.number(below: 4)).map { index in
      Field(
        id: UInt32(10 + index), name: "f\(index)", type: source.element(of: PageInput.types))
    }
    return SegmentSchema(
      FeatureGroup(
        name: "g", recordIdentifiers: identifiers, eventTime: "t",
        createdTime: source.flag() ? "c" : nil, features: features))
  }

  /// The records that keys of the schema can tell apart.
  private static func recordLimit(_ schema: SegmentSchema) -> Int {
    switch schema.recordIdentifiers.map(\.type) {
    case [.bool]: 2
    case [.int8]: 256
    default: .max
    }
  }

  /// The number of the record of each row, rising.
  private static func records(from source: inout ByteSource, limit: Int) -> [Int] {
    let count = Int(source.byte()) * [1, 1, 2, 12][source.number(below: 4)]
    var records: [Int] = []
    var record = 0
    while records.count < count {
      let length = 1 + Int(source.byte())
      // Many records of one row each, or one of many rows.
      let isDense = source.flag()
      for _ in 0..<min(length, count - records.count) {
        records.append(record)
        if isDense { record = min(record + 1, limit - 1) }
      }
      record = min(record + 1, limit - 1)
    }
    return records
  }

  private static func keys(_ records: [Int], _ schema: SegmentSchema) throws -> KeyVector {
    let types = schema.recordIdentifiers.map(\.type)
    let columns = try types.enumerated().map { index, type in
      try Column(
        type: type, values: records.map { key(type, index == types.count - 1 ? $0 : $0 >> 4) })
    }
    let encoder = try KeyEncoder(
      layout: schema.keyLayout, sources: types, names: types.map { "\($0)" })
    return try encoder.encode(columns).keys
  }

  /// A value that never falls where `record` rises.
  private static func key(_ type: DataType, _ record: Int) -> Value {
    switch type {
    case .bool: .bool(record > 0)
    case .int8: .integer(Int128(record - 128))
    case .utf8: .text("\(record < 9 ? "\u{0}~" : "")\(100_000 + record)")
    case .binary: .bytes([UInt8(truncatingIfNeeded: record >> 8), UInt8(record & 0xFF), 0, 0xFF])
    case .uint64: .integer(Int128(UInt64.max) - 65536 + Int128(record))
    case .int64: .integer(Int128(Int64.min) + Int128(record))
    default: .integer(Int128(record))
    }
  }

  /// Event and created times, in order within each record.
  private static func times(
    _ records: [Int], _ hasCreatedTime: Bool, from source: inout ByteSource
  ) -> ([Int64], [Int64?]) {
    let shift = Int128(source.number(below: 64))
    func ticks() -> [Int64] {
      ColumnGenerator.numbers(records.count, byteCount: 8, from: &source).map {
        Int64(truncatingIfNeeded: $0) >> shift
      }
    }
    let times = ticks()
    let created: [Int64?] = hasCreatedTime ? ticks().map { $0 & 3 == 0 ? nil : $0 } : []
    let order = records.indices.sorted { a, b in
      if records[a] != records[b] { return records[a] < records[b] }
      if times[a] != times[b] || !hasCreatedTime { return times[a] < times[b] }
      guard let first = created[a], let second = created[b] else {
        return created[a] == nil && created[b] != nil
      }
      return first < second
    }
    return (order.map { times[$0] }, hasCreatedTime ? order.map { created[$0] } : [])
  }
}

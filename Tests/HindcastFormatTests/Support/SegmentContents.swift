import HindcastCore
import HindcastFormat

/// Everything that a segment holds, as plain values.
struct SegmentContents: Equatable {
  var keys: [[UInt8]] = []
  var eventTimes: [Value] = []
  var createdTimes: [Value]?
  var tombstones: [Value]
  var features: [[Value]]
}

extension SegmentContents {
  /// What was given to the writer.
  init(_ segment: TestSegment) {
    keys = segment.batches.flatMap { batch in (0..<batch.count).map { batch.keys.bytes($0) } }
    eventTimes = segment.batches.flatMap { batch in
      batch.eventTimes.array(of: Int64.self).prefix(batch.count).map { .integer(Int128($0)) }
    }
    if segment.schema.hasCreatedTime {
      createdTimes = segment.batches.flatMap { $0.createdTimes?.values ?? [] }
    }
    tombstones = segment.batches.flatMap { batch in
      (0..<batch.count).map { row in
        .bool(batch.tombstones.map { Bits.get($0.span(of: UInt8.self), row) } ?? false)
      }
    }
    features = segment.schema.features.indices.map { index in
      segment.batches.flatMap { $0.features[index].values }
    }
  }

  /// Reads everything through the reader.
  init(_ reader: SegmentReader) throws(HindcastError) {
    eventTimes = try Self.all(reader.eventTimes)
    if let column = reader.createdTimes { createdTimes = try Self.all(column) }
    tombstones = Array(repeating: .bool(false), count: reader.rowCount)
    if let column = reader.tombstones { tombstones = try Self.all(column) }
    features = []
    for field in reader.schema.features {
      guard let column = reader.feature(id: field.id) else { continue }
      features.append(try Self.all(column))
    }
    _ = try reader.fences()
    for index in 0..<reader.runPageCount {
      let page = try reader.runPage(index)
      _ = try reader.rows(of: page.keys, 0)
      var start = page.firstRow
      for (run, end) in page.ends.array(of: Int.self).enumerated() {
        keys += Array(repeating: page.keys.bytes(run), count: end - start)
        start = end
      }
    }
  }

  private static func all(_ column: ColumnReader) throws(HindcastError) -> [Value] {
    var values: [Value] = []
    for index in 0..<column.pageCount {
      values += try column.page(index).values
      _ = try column.zone(index)
      _ = try column.describePage(index)
    }
    return values
  }
}

package import HindcastCore
package import HindcastFormat

extension SegmentReader {
  /// All rows in one batch.
  ///
  /// O(values).
  /// - Throws: ``HindcastError`` as ``ColumnReader/page(_:)``.
  package func batch() throws(HindcastError) -> VersionBatch {
    var tombstones: Buffer?
    if let column = self.tombstones, case .bits(let bits) = try column.all().body {
      tombstones = bits
    }
    var createdTimes: Column?
    if let column = self.createdTimes { createdTimes = try column.all() }
    var features: [Column] = []
    for field in schema.features {
      guard let column = feature(id: field.id) else { continue }
      features.append(try column.all())
    }
    return VersionBatch(
      keys: try rowKeys(), eventTimes: try eventTimes.all().fixed, createdTimes: createdTimes,
      tombstones: tombstones, features: features)
  }

  /// The key of each row.
  private func rowKeys() throws(HindcastError) -> KeyVector {
    var prefixes = MutableBuffer()
    var offsets = MutableBuffer(byteCount: 8)
    var bytes = MutableBuffer()
    for index in 0..<runPageCount {
      let page = try runPage(index)
      let ends = page.ends.span(of: Int.self)
      var row = page.firstRow
      for run in 0..<page.count {
        let prefix = page.keys.prefixes.span(of: UInt64.self)[run]
        let key = page.keys.heap == nil ? [] : page.keys.bytes(run)
        while row < ends[run] {
          prefixes.append(prefix)
          bytes.append(contentsOf: key.span)
          offsets.append(bytes.byteCount)
          row += 1
        }
      }
    }
    return KeyVector(
      count: rowCount, prefixes: prefixes.freeze(),
      heap: keyLayout.isSingleWord
        ? nil : KeyVector.Heap(offsets: offsets.freeze(), bytes: bytes.freeze()))
  }

  /// Throws unless this segment has the rows of a batch.
  ///
  /// O(values).
  /// - Throws: ``Finding`` if it has not, ``HindcastError`` if it can't be read.
  package func expectRows(of batch: VersionBatch) throws {
    try expect(rowCount == batch.count, "\(rowCount) rows, not \(batch.count)")
    let times = Column(
      type: eventTimes.type, count: batch.count, nullCount: 0, validity: nil,
      body: .fixed(batch.eventTimes))
    try eventTimes.expectRows(of: times, "event times")
    try expect((createdTimes == nil) == (batch.createdTimes == nil), "created times")
    if let column = batch.createdTimes {
      try createdTimes?.expectRows(of: column, "created times")
    }
    try expectTombstones(batch.tombstones)
    for (field, column) in zip(schema.features, batch.features) {
      try feature(id: field.id)?.expectRows(of: column, "feature \(field.id)")
    }
    let keys = try rowKeys()
    for row in 0..<batch.count where keys.compare(row, batch.keys, row) != 0 {
      throw Finding("row \(row) has another key")
    }
  }

  /// Throws unless some look-ups by record and time find the rows that a scan of `batch` finds.
  func checkLookups(_ batch: VersionBatch) throws {
    let times = batch.eventTimes.span(of: Int64.self)
    for index in 0..<runPageCount {
      let page = try runPage(index)
      let ends = page.ends.span(of: Int.self)
      for run in stride(from: 0, to: page.count, by: max(1, page.count / 16)) {
        let rows = (run == 0 ? page.firstRow : ends[run - 1])..<ends[run]
        let found = try self.rows(of: page.keys, run)
        try expect(found == rows, "run \(run) of page \(index): \(String(describing: found))")
        let middle = times[(rows.lowerBound + rows.upperBound) / 2]
        for time in [middle, middle == .min ? middle : middle - 1, .max, .min] {
          let last = try lastRow(in: rows, atOrBefore: time)
          let expected = rows.last { times[$0] <= time }
          try expect(
            last == expected, "rows \(rows), time \(time): \(String(describing: last))")
        }
      }
    }
  }

  private func expectTombstones(_ bits: Buffer?) throws {
    let expected = (0..<rowCount).map { row in
      bits.map { Bits.get($0.span(of: UInt8.self), row) } ?? false
    }
    guard let column = tombstones else {
      return try expect(!expected.contains(true), "the tombstones are lost")
    }
    guard case .bits(let stored) = try column.all().body else { throw Finding("no bits") }
    for row in 0..<rowCount where Bits.get(stored.span(of: UInt8.self), row) != expected[row] {
      throw Finding("row \(row): tombstone \(!expected[row])")
    }
  }
}

extension ColumnReader {
  /// All rows, joined.
  fileprivate func all() throws(HindcastError) -> Column {
    let rows = ColumnAccumulator(type: type)
    for index in 0..<pageCount {
      let page = try page(index)
      rows.append(page, rows: 0..<page.count)
    }
    return rows.finish()
  }

  fileprivate func expectRows(of column: Column, _ what: String) throws {
    try expect(rowCount == column.count, "\(what): \(rowCount) rows, not \(column.count)")
    try expect(nullCount == column.nullCount, "\(what): \(nullCount) nulls")
    for index in 0..<pageCount {
      let page = try page(index)
      try page.checkForm()
      try column.expectRows(of: page, from: index << rowShift, what)
    }
  }
}

/// The bytes of a segment of batches in segment order.
func written(
  _ batches: [VersionBatch], _ schema: SegmentSchema, _ profile: Profile
) throws(HindcastError) -> Buffer {
  var sizes = ColumnSizes(schema: schema)
  for batch in batches { sizes.add(batch) }
  let file = MemoryWritableFile()
  var writer = try SegmentWriter(
    file: file, uid: SegmentUID(seed: 1), schema: schema, profile: profile, sizes: sizes)
  for batch in batches { try writer.append(batch) }
  _ = try writer.finish()
  return file.buffer
}

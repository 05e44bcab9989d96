import HindcastCore

/// The stored columns of a segment, checked against its schema and summary (step 13).
struct StoredColumns {
  private(set) var internals: [ColumnEntry.Kind: ColumnEntry] = [:]
  /// The features' entries, in the schema's order.
  private(set) var features: [ColumnEntry] = []

  init(
    _ directory: Buffer, schema: SegmentSchema, summary: SegmentSummary, place: Place
  ) throws(HindcastError) {
    var fields = FieldReader(directory, place: place, code: .segmentBadColumnDirectory)
    features.reserveCapacity(schema.features.count)
    var places = FeaturePlaces(schema)
    while !fields.isAtEnd {
      let entry = try ColumnEntry(&fields)
      let isNew: Bool
      if entry.kind == .feature {
        guard let place = places.take(entry.fieldID) else {
          throw fields.refusal("a feature is not in the schema, or is there twice")
        }
        guard Self.fits(entry, schema.features[place].type) else {
          throw fields.refusal("the pages of a feature are too large")
        }
        isNew = true
        features.append(entry)
      } else {
        isNew = internals.updateValue(entry, forKey: entry.kind) == nil && entry.fieldID == 0
      }
      // Each page takes a place of its own in the file, so that what a reader does and keeps for
      // every page is explained by the file's length.
      guard entry.pageCount <= summary.byteCount / Limits.alignment else {
        throw fields.refusal("a column has more pages than the file has room for")
      }
      guard isNew, Self.hasRoot(entry, fileByteCount: summary.byteCount) else {
        throw fields.refusal("a column is there twice, or its page directory is not in the file")
      }
    }
    if !places.isInOrder { sortFeatures(schema) }
    try check(schema, summary, fields)
  }

  /// Puts entries of other writers into the schema's order.
  private mutating func sortFeatures(_ schema: SegmentSchema) {
    var places: [UInt32: Int] = [:]
    for (place, field) in schema.features.enumerated() { places[field.id] = place }
    features.sort { places[$0.fieldID] ?? 0 < places[$1.fieldID] ?? 0 }
  }

  private static func fits(_ entry: ColumnEntry, _ type: DataType) -> Bool {
    type.leastByteCount << entry.rowShift <= Limits.pageValueByteCount
  }

  private static func hasRoot(_ entry: ColumnEntry, fileByteCount: Int) -> Bool {
    guard entry.pageCount > 0 else { return entry.root == .none }
    return entry.root.isInside(fileByteCount)
      && entry.root.byteCount == entry.blockCount * PieceReference.byteCount
  }

  private func check(
    _ schema: SegmentSchema, _ summary: SegmentSummary, _ fields: FieldReader
  ) throws(HindcastError) {
    let runPages = internals[.runKey]?.pageCount ?? 0
    let isWord = schema.keyLayout.isSingleWord
    let expected: [(ColumnEntry.Kind, isThere: Bool, rows: Int, hasZones: Bool)] = [
      (.eventTime, true, summary.rowCount, true),
      (.createdTime, schema.hasCreatedTime, summary.rowCount, true),
      (.tombstone, summary.tombstoneCount > 0, summary.rowCount, false),
      (.runKey, true, summary.runCount, isWord),
      (.runEnd, true, summary.runCount, true),
      (.fence, true, runPages, false),
      (.filter, !isWord && runPages > 0, runPages << RunFilter.rowShift, false),
    ]
    for column in expected {
      let entry = internals[column.0]
      guard (entry != nil) == column.isThere else {
        throw fields.refusal("a column is missing, or should not be there")
      }
      guard let entry else { continue }
      guard entry.rowCount == column.rows, entry.hasZones == column.hasZones,
        entry.nullCount == (column.0 == .createdTime ? summary.createdTimeNullCount : 0)
      else { throw fields.refusal("a column's figures contradict the summary") }
    }
    guard internals[.runKey]?.rowShift == internals[.runEnd]?.rowShift else {
      throw fields.refusal("run keys and run ends have pages of different sizes")
    }
    guard internals[.filter]?.rowShift ?? RunFilter.rowShift == RunFilter.rowShift else {
      throw fields.refusal("a page of the filter is not one of record identifiers")
    }
    guard features.count == schema.features.count,
      features.allSatisfy({ $0.rowCount == summary.rowCount && !$0.hasZones })
    else { throw fields.refusal("a feature is missing, or its figures contradict the summary") }
  }
}

/// Finds the place of each entry's feature in the schema, mostly the next one.
private struct FeaturePlaces {
  private let features: [Field]
  private var next = 0
  /// The places that are left, once entries come in another order than the schema.
  private var rest: [UInt32: Int]?

  init(_ schema: SegmentSchema) { features = schema.features }

  var isInOrder: Bool { rest == nil }

  /// The place of a feature that was not asked for before; nil if there is none.
  mutating func take(_ id: UInt32) -> Int? {
    if rest == nil {
      if next < features.count, features[next].id == id {
        next += 1
        return next - 1
      }
      rest = Dictionary(
        uniqueKeysWithValues: (next..<features.count).map { (features[$0].id, $0) })
    }
    return rest?.removeValue(forKey: id)
  }
}

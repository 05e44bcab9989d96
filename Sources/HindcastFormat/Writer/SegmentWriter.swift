public import HindcastCore

/// Writes one segment from rows in segment order, front to back.
///
/// Memory is bounded by one page a column, a batch and the encoded pages of two, whatever the
/// number of rows: what else is kept grows by 24 bytes for each 128 pages of a column.
///
/// ```
/// var writer = try SegmentWriter(file: file, uid: .random(), schema: schema, profile: .balanced,
///                                sizes: sizes)
/// for batch in batches { try writer.append(batch) }
/// let summary = try writer.finish()    // then synchronise and close the file
/// ```
public struct SegmentWriter: ~Copyable {
  private let uid: SegmentUID
  private let schema: SegmentSchema
  private let sink: PieceWriter
  private let header: PieceReference
  private let eventTimes: ColumnWriter
  private let createdTimes: ColumnWriter?
  private let tombstones: ColumnWriter
  private let features: [ColumnWriter]
  private let runs: RunWriter
  private let encoding: EncodingQueue
  private var order: RowOrder
  private var summary = SegmentSummary.empty

  /// Starts a segment and writes its header.
  ///
  /// - Parameters:
  ///   - file: an empty file. The caller synchronises and closes it after ``finish()``, and
  ///     discards it after an error.
  ///   - sizes: of all rows that will be written.
  /// - Throws: ``HindcastError`` (`io`).
  public init(
    file: any WritableFile, uid: SegmentUID, schema: SegmentSchema, profile: Profile,
    sizes: ColumnSizes
  ) throws(HindcastError) {
    try self.init(
      file: file, uid: uid, schema: schema, profile: profile, sizes: sizes,
      options: EncodingOptions())
  }

  /// Starts a segment that leaves out some encodings, to measure what they are worth.
  package init(
    file: any WritableFile, uid: SegmentUID, schema: SegmentSchema, profile: Profile,
    sizes: ColumnSizes, options: EncodingOptions
  ) throws(HindcastError) {
    self.uid = uid
    self.schema = schema
    let sink = PieceWriter(file: file, uid: uid)
    self.sink = sink
    header = try sink.write(Header.bytes(uid))
    let zstd = PageCompressor.zstd(for: profile)
    func column(
      _ kind: ColumnEntry.Kind, _ type: DataType, rows: PageRows, fieldID: UInt32 = 0,
      hasZones: Bool = false
    ) -> ColumnWriter {
      ColumnWriter(
        kind, fieldID: fieldID, type: type, rows: rows, hasZones: hasZones, sink: sink,
        codec: PageCodec(type, profile: profile, zstd: zstd, options: options), options: options,
        history: EncodingHistory(for: profile))
    }
    let time = DataType.timestamp(schema.timeUnit, zone: "UTC")
    let timeRows = PageRows(average: 8, greatest: 8, profile: profile)
    eventTimes = column(.eventTime, time, rows: timeRows, hasZones: true)
    createdTimes =
      schema.hasCreatedTime
      ? column(.createdTime, time, rows: timeRows, hasZones: true) : nil
    tombstones = column(.tombstone, .bool, rows: PageRows(shift: Limits.pageRowShift))
    features = schema.features.enumerated().map { index, field in
      column(
        .feature, field.type, rows: sizes.rows(index, profile: profile), fieldID: field.id)
    }
    let isWord = schema.keyLayout.isSingleWord
    let runRows = PageRows(shift: RunWriter.rowShift)
    runs = RunWriter(
      keys: column(.runKey, schema.keyType, rows: runRows, hasZones: isWord),
      ends: column(.runEnd, .uint64, rows: runRows, hasZones: true),
      fences: column(.fence, schema.keyType, rows: runRows),
      filters: isWord
        ? nil
        : column(.filter, RunFilter.blockType, rows: PageRows(shift: RunFilter.rowShift)))
    encoding = EncodingQueue(sink)
    order = RowOrder()
  }
}

extension SegmentWriter {
  /// Adds rows in segment order, which go on after those of the batch before.
  ///
  /// - Throws: ``HindcastError``: `invalid_argument` if a row is out of order or the batch is not
  ///   of the schema, `limit_exceeded` if a value or a key is too large, `io` if the file fails.
  ///   After an error the segment must be discarded.
  public mutating func append(_ batch: VersionBatch) throws(HindcastError) {
    guard batch.count > 0 else { return }
    try check(batch)
    let starts = try order.runStarts(batch)
    let times = Column(
      type: .timestamp(schema.timeUnit, zone: "UTC"), count: batch.count, nullCount: 0,
      validity: nil, body: .fixed(batch.eventTimes))
    var work: [(ColumnWriter, Column)] = [(eventTimes, times)]
    if let createdTimes, let column = batch.createdTimes {
      work.append((createdTimes, column))
      summary.addCreatedTimes(column)
    }
    work += zip(features, batch.features)
    try encoding.append(work)
    try runs.append(batch.keys, starts: starts, firstRow: summary.rowCount)
    for writer in runs.columns { try writer.write(writer.takePages()) }
    try appendTombstones(batch)
    try tombstones.write(tombstones.takePages())
    summary.addEventTimes(times)
    summary.rowCount += batch.count
  }

  /// Writes the directories, the schema, the summary and the trailer.
  ///
  /// - Throws: ``HindcastError`` (`io`).
  public consuming func finish() throws(HindcastError) -> SegmentSummary {
    try encoding.finish()
    summary.runCount = try runs.finish(rowCount: summary.rowCount)
    var directory = MutableBuffer()
    try eventTimes.finish().write(to: &directory)
    if let createdTimes { try createdTimes.finish().write(to: &directory) }
    if summary.tombstoneCount > 0 { try tombstones.finish().write(to: &directory) }
    for column in features { try column.finish().write(to: &directory) }
    for column in runs.columns { try column.finish().write(to: &directory) }
    let columnDirectory = try sink.write(directory.freeze())
    let table = SectionTable(
      header: header, schema: try sink.write(schema.bytes()), columnDirectory: columnDirectory,
      summary: try sink.write(summary.bytes()))
    let tablePiece = try sink.write(table.bytes())
    let (trailer, checksum) = Trailer(
      table: tablePiece, fileByteCount: sink.nextOffset + Trailer.byteCount, uid: uid
    ).bytes()
    _ = try sink.write(trailer)
    try sink.flush()
    summary.byteCount = sink.byteCount
    summary.trailerChecksum = checksum
    return summary
  }

  private func check(_ batch: VersionBatch) throws(HindcastError) {
    let types = batch.features.map(\.type)
    guard types == schema.features.map(\.type) else {
      throw HindcastError(.invalidArgument, "the batch's features are not those of the schema")
    }
    guard (batch.createdTimes != nil) == schema.hasCreatedTime else {
      throw HindcastError(
        .invalidArgument, "the batch has created times where the schema has none, or none")
    }
    guard (batch.keys.heap == nil) == schema.keyLayout.isSingleWord else {
      throw HindcastError(.invalidArgument, "the batch's keys are not of the schema's identifiers")
    }
  }

  /// Tombstones are stored from the first one on; rows before it are filled in.
  private mutating func appendTombstones(_ batch: VersionBatch) throws(HindcastError) {
    let ones =
      batch.tombstones.map {
        Bits.population($0.span(of: UInt8.self), count: batch.count)
      } ?? 0
    if ones > 0, summary.tombstoneCount == 0 { try tombstones.appendFalse(summary.rowCount) }
    summary.tombstoneCount += ones
    guard summary.tombstoneCount > 0 else { return }
    guard let bits = batch.tombstones, ones > 0 else {
      return try tombstones.appendFalse(batch.count)
    }
    let column = Column(
      type: .bool, count: batch.count, nullCount: 0, validity: nil, body: .bits(bits))
    try tombstones.append(column, 0..<batch.count)
  }
}

extension SegmentSummary {
  fileprivate mutating func addEventTimes(_ column: Column) {
    let (low, high) = zoneRange(column)
    minEventTime = rowCount == 0 ? low : min(minEventTime, low)
    maxEventTime = rowCount == 0 ? high : max(maxEventTime, high)
  }

  fileprivate mutating func addCreatedTimes(_ column: Column) {
    let isFirst = createdTimeNullCount == rowCount
    createdTimeNullCount += column.nullCount
    guard column.nullCount < column.count else { return }
    let (low, high) = zoneRange(column)
    minCreatedTime = isFirst ? low : min(minCreatedTime, low)
    maxCreatedTime = isFirst ? high : max(maxCreatedTime, high)
  }
}

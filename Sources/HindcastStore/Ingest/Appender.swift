public import HindcastCore
import HindcastFormat

/// One ingest into one group: rows in order of arrival, then one commit, or none.
///
/// ```
/// let appender = try writer.append(to: "balances")
/// for batch in batches { try appender.append(batch) }
/// let result = try appender.commit()
/// ```
/// Rows are sorted in memory, a part that fits at a time, and each part is written to a segment
/// while the next comes in; rows that are in order as they come all go to one. After some segments
/// (``AppendOptions/segmentsPerIngest``) further parts are spilled to temporary files and merged
/// into one more. Nothing shows before ``commit()``, and nothing is left after ``cancel()`` or a
/// failure. Not thread-safe.
public final class Appender {
  /// The commit that took the same batch in before; rows that are added are ignored then.
  public let duplicateOf: UInt64?
  /// The group's definition.
  public var group: FeatureGroup { state.definition }

  private let writer: StoreWriter
  private let state: Catalogue.GroupState
  private let options: AppendOptions
  private let buffer: RowBuffer
  /// Of the rows in the buffer.
  private var sizes: ColumnSizes
  private let parts: PartWriter
  /// Writes a part of the rows while the next comes in.
  private let writing: Lanes
  private var rowCount = 0
  private var isOpen = true
  private var isPublished = false

  /// What a part of the rows may take: one comes in while another is sorted and written.
  private var bytesPerPart: Int { options.memoryBytes / 3 }
  /// What may come in of the next part while one that is complete waits to be written.
  private var bytesAhead: Int { bytesPerPart / 8 }

  init(
    writer: StoreWriter, group: Catalogue.GroupState, options: AppendOptions
  ) throws(HindcastError) {
    try AppendOptions.check(options.batchID)
    self.writer = writer
    self.options = options
    state = group
    let schema = SegmentSchema(group.definition)
    sizes = ColumnSizes(schema: schema)
    duplicateOf = options.batchID.flatMap { group.batches[BatchID($0)] }
    parts = PartWriter(
      options, schema: schema, fileSystem: writer.fileSystem, layout: writer.layout)
    buffer = RowBuffer(overlaps: writer.fileSystem.allowsOverlap)
    writing = Lanes(threads: 1, overlaps: writer.fileSystem.allowsOverlap)
  }

  /// Adds rows, in order of arrival.
  ///
  /// The batch must have the form of the group: its features in order, created times if the group
  /// has them; anything else traps.
  /// - Throws: ``HindcastError`` (`io`), after which the ingest can only be cancelled.
  public func append(_ batch: VersionBatch) throws(HindcastError) {
    try checkOpen()
    batch.checkForm(group)
    guard duplicateOf == nil, batch.count > 0 else { return }
    do {
      if !buffer.hasRoom(for: batch) { try writePart() }
      if buffer.byteCount >= bytesAhead { try writing.wait(exceptLast: 1) }
      try buffer.append(batch)
      sizes.add(batch)
      rowCount += batch.count
      if buffer.byteCount >= bytesPerPart { try writePart() }
    } catch {
      cancel()
      throw error
    }
  }

  /// Publishes all rows as one commit.
  ///
  /// Returns when it is durable.
  ///
  /// An ingest without rows and without a batch id commits nothing.
  /// - Throws: ``HindcastError``; nothing is changed then, unless the failure was in making the
  ///   commit itself durable, which the message says.
  public func commit() throws(HindcastError) -> AppendResult {
    try checkOpen()
    defer { cancel() }
    if let duplicateOf { return result(duplicateOf, [], isDuplicate: true) }
    guard writer.catalogue.group(id: state.id)?.droppedAt == nil else {
      throw HindcastError(
        .notFound, "group '\(state.definition.name)' was dropped while rows were being added to it")
    }
    guard rowCount > 0 || options.batchID != nil else {
      return result(writer.catalogue.number, [], isDuplicate: false)
    }
    try writeRest()
    let references = parts.references(groupID: state.id, commit: writer.catalogue.number + 1)
    let record = try publish(references)
    isPublished = true
    return result(record.number, references, isDuplicate: false)
  }

  private func publish(
    _ references: [SegmentReference]
  ) throws(HindcastError) -> CommitRecord {
    var edits = references.map { Edit.addSegment($0) }
    if let id = options.batchID { edits.append(.batch(groupID: state.id, id: id)) }
    return try writer.publish(edits, note: options.note)
  }

  /// Gives the ingest up and removes what it wrote.
  ///
  /// Does nothing after ``commit()``.
  public func cancel() {
    guard isOpen else { return }
    isOpen = false
    writing.drain()
    parts.discardRuns()
    if let failure = parts.syncFailure { writer.poison(failure) }
    // After a failure to make the commit durable it may be there: then its segments must be too.
    if !isPublished, !writer.isPoisoned { parts.discardSegments() }
  }

  private func writePart() throws(HindcastError) {
    guard buffer.count > 0 else { return }
    try writing.wait(exceptLast: 1)
    let (rows, sizes) = try takePart()
    writing.add { [parts] () throws(HindcastError) in try parts.write(rows, sizes: sizes) }
    if !writing.overlaps { try writing.wait() }
  }

  private func writeRest() throws(HindcastError) {
    guard rowCount > 0 else { return }
    try writing.wait()
    let (rows, sizes) = try takePart()
    try parts.finish(rows, sizes: sizes)
  }

  private func takePart() throws(HindcastError) -> (BufferedRows, ColumnSizes) {
    defer { sizes = ColumnSizes(schema: SegmentSchema(state.definition)) }
    return (try buffer.take(), sizes)
  }

  private func result(
    _ number: UInt64, _ references: [SegmentReference], isDuplicate: Bool
  ) -> AppendResult {
    AppendResult(
      commitNumber: number, rowCount: references.reduce(0) { $0 + $1.rowCount },
      segmentCount: references.count,
      byteCount: references.reduce(0) { $0 + $1.byteCount },
      tombstoneCount: references.reduce(0) { $0 + $1.tombstoneCount }, isDuplicate: isDuplicate,
      spilledRunCount: parts.spilledCount)
  }

  private func checkOpen() throws(HindcastError) {
    try writer.checkUsable()
    guard isOpen else {
      throw HindcastError(.cancelled, "this ingest was committed or cancelled before")
    }
  }
}

extension VersionBatch {
  /// Traps unless the batch has the form of the group.
  ///
  /// Copies nothing of the group, which threads that stream share.
  func checkForm(_ group: FeatureGroup) {
    precondition(features.count == group.features.count, "other features")
    for index in features.indices {
      precondition(features[index].type == group.features[index].type, "other features")
    }
    precondition((createdTimes == nil) == (group.createdTime == nil), "created times")
    precondition((keys.heap == nil) == KeyLayout(group).isSingleWord, "other keys")
  }
}

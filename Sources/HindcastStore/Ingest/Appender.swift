public import HindcastCore
import HindcastFormat

/// One ingest into one group: rows in order of arrival, then one commit, or none.
///
/// ```
/// let appender = try writer.append(to: "balances")
/// for batch in batches { try appender.append(batch) }
/// let result = try appender.commit()
/// ```
/// Rows are sorted in memory; what does not fit goes to temporary files. Nothing shows before
/// ``commit()``, and nothing is left after ``cancel()`` or a failure. Not thread-safe.
public final class Appender {
  /// The commit that took the same batch in before; rows that are added are ignored then.
  public let duplicateOf: UInt64?
  /// The group's definition.
  public var group: FeatureGroup { state.definition }

  private let writer: StoreWriter
  private let state: Catalogue.GroupState
  private let options: AppendOptions
  private let schema: SegmentSchema
  private var sizes: ColumnSizes
  private let buffer = RowBuffer()
  private let runs: SortedRuns
  /// Writes full buffers' rows to temporary files while the next is filled.
  private let spilling: Lanes
  private let bytesPerBlock: Int
  private var spilledByteCount = 0
  private var rowCount = 0
  private var isOpen = true

  /// What a run of rows may take.
  ///
  /// Small runs are sorted within the processor's caches; large ones keep a large input from having
  /// more runs than are merged at once. One is filled while two are sorted and written.
  private var bytesPerRun: Int {
    min(max(1 << 20, options.memoryBytes) / 4, max(Self.leastRunBytes, spilledByteCount / 64))
  }
  private static let leastRunBytes = 48 << 20

  init(
    writer: StoreWriter, group: Catalogue.GroupState, options: AppendOptions
  ) throws(HindcastError) {
    try AppendOptions.check(options.batchID)
    self.writer = writer
    self.options = options
    state = group
    schema = SegmentSchema(group.definition)
    sizes = ColumnSizes(schema: schema)
    duplicateOf = options.batchID.flatMap { group.batches[BatchID($0)] }
    // Merging holds a block of each run.
    let bytesPerBlock = min(1 << 20, max(1 << 14, options.memoryBytes / (4 * SortedRuns.fanIn)))
    runs = SortedRuns(
      fileSystem: writer.fileSystem, prefix: writer.layout.temporary + "/", schema: schema)
    spilling = Lanes(threads: 1, overlaps: writer.fileSystem.allowsOverlap)
    self.bytesPerBlock = bytesPerBlock
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
      if !buffer.hasRoom(for: batch) { try spill() }
      buffer.append(batch)
      sizes.add(batch)
      rowCount += batch.count
      if buffer.byteCount >= bytesPerRun { try spill() }
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
    let next = writer.catalogue.number + 1
    let sink = SegmentSink(
      folder: SegmentFolder(fileSystem: writer.fileSystem, path: writer.layout.segments),
      poison: { [writer] in writer.poison($0) }, groupID: state.id, commits: next...next,
      schema: schema, sizes: sizes, options: options)
    do {
      try writeSegments(sink)
      let record = try publish(sink.references)
      return result(record.number, sink.references, isDuplicate: false)
    } catch {
      // After a failure to make the commit durable it may be there: then its segments must be too.
      if !writer.isPoisoned { sink.discard() }
      throw error
    }
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
    spilling.drain()
    runs.discard()
  }

  private func spill() throws(HindcastError) {
    guard buffer.count > 0 else { return }
    spilledByteCount += buffer.byteCount
    let spill = Spill(runs: runs, rows: buffer.take(), bytesPerBlock: bytesPerBlock)
    try spilling.wait(exceptLast: 1)
    spilling.add { () throws(HindcastError) in try spill() }
    if !spilling.overlaps { try spilling.wait() }
  }

  /// What is touched by one thread at a time.
  private struct Spill: @unchecked Sendable {
    let runs: SortedRuns
    let rows: UnsortedRows
    let bytesPerBlock: Int

    func callAsFunction() throws(HindcastError) {
      if let run = rows.sorted(bytesPerBatch: bytesPerBlock) { try runs.spill(run) }
    }
  }

  private func writeSegments(_ sink: SegmentSink) throws(HindcastError) {
    guard rowCount > 0 else { return }
    try spilling.wait()
    let merged = try runs.merged(with: buffer.take().sorted(bytesPerBatch: 8 << 20))
    let rows = BatchesAhead(merged, overlaps: writer.fileSystem.allowsOverlap)
    while let batch = try rows.next() { try sink.append(batch) }
    try sink.finish()
  }

  private func result(
    _ number: UInt64, _ references: [SegmentReference], isDuplicate: Bool
  ) -> AppendResult {
    AppendResult(
      commitNumber: number, rowCount: references.reduce(0) { $0 + $1.rowCount },
      recordCount: references.reduce(0) { $0 + $1.runCount }, segmentCount: references.count,
      byteCount: references.reduce(0) { $0 + $1.byteCount },
      tombstoneCount: references.reduce(0) { $0 + $1.tombstoneCount }, isDuplicate: isDuplicate,
      spilledRunCount: runs.spilledCount)
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
  func checkForm(_ group: FeatureGroup) {
    precondition(features.map(\.type) == group.features.map(\.type), "other features")
    precondition((createdTimes == nil) == (group.createdTime == nil), "created times")
    precondition((keys.heap == nil) == KeyLayout(group).isSingleWord, "other keys")
  }
}

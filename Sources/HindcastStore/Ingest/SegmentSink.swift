import HindcastCore
import HindcastFormat

/// Writes sorted rows to new segments: one, or several that hold different records.
final class SegmentSink {
  private let folder: SegmentFolder
  private let writer: StoreWriter?
  private let groupID: UInt32
  private let schema: SegmentSchema
  private let sizes: ColumnSizes
  private let options: AppendOptions
  private var current: SegmentWriter?
  private var file: (any WritableFile)?
  private var uid: SegmentUID?
  private var rowCount = 0
  private var nullCounts: [Int]
  private var lastKeys: KeyVector?
  /// The segments that are done, without their commit's number.
  private(set) var references: [SegmentReference] = []

  /// - Parameter writer: is poisoned by a failure to make something durable; nil if no commit
  ///   names what is written here as it is.
  init(
    folder: SegmentFolder, writer: StoreWriter?, groupID: UInt32, schema: SegmentSchema,
    sizes: ColumnSizes, options: AppendOptions
  ) {
    self.folder = folder
    self.writer = writer
    self.groupID = groupID
    self.schema = schema
    self.sizes = sizes
    self.options = options
    nullCounts = schema.features.map { _ in 0 }
  }

  /// Writes rows that follow those before.
  func append(_ batch: VersionBatch) throws(HindcastError) {
    var start = 0
    while start < batch.count {
      let end = self.end(batch, from: start)
      if end > start { try write(batch.slice(start..<end)) }
      if end < batch.count { try finishSegment() }
      start = end
    }
    lastKeys = batch.keys
  }

  /// Makes all segments, and their names, durable.
  func finish() throws(HindcastError) {
    try finishSegment()
    try poisoning { () throws(HindcastError) in
      try folder.fileSystem.synchronizeDirectory(folder.path)
    }
  }

  private func poisoning(_ body: () throws(HindcastError) -> Void) throws(HindcastError) {
    if let writer { try writer.poisoning(body) } else { try body() }
  }

  /// Removes all that was written.
  func discard() {
    var uids = references.map(\.uid)
    if let uid { uids.append(uid) }
    current = nil
    try? file?.close()
    // What can't be removed now goes with the leftovers when the next writer starts.
    for uid in uids { try? folder.fileSystem.removeFile(folder.file(uid)) }
    (references, file, uid) = ([], nil, nil)
  }

  /// Where the current segment ends in a batch: at the end of a record, once it is full.
  private func end(_ batch: VersionBatch, from start: Int) -> Int {
    let limit = max(1, options.rowsPerSegment)
    guard rowCount + batch.count - start > limit else { return batch.count }
    for row in max(start, start + limit - rowCount)..<batch.count {
      if row > 0 {
        if batch.keys.compare(row - 1, batch.keys, row) != 0 { return row }
      } else if let lastKeys, lastKeys.compare(lastKeys.count - 1, batch.keys, row) != 0 {
        return row
      }
    }
    return batch.count
  }

  private func write(_ batch: VersionBatch) throws(HindcastError) {
    if file == nil { try open() }
    try current?.append(batch)
    rowCount += batch.count
    for (index, feature) in batch.features.enumerated() {
      nullCounts[index] += feature.nullCount
    }
  }

  private func open() throws(HindcastError) {
    let uid = SegmentUID.random()
    let file = try folder.createFile(uid)
    (self.uid, self.file) = (uid, file)
    current = try SegmentWriter(
      file: file, uid: uid, schema: schema, profile: options.profile, sizes: sizes)
  }

  private func finishSegment() throws(HindcastError) {
    guard let segment = current.take(), let file, let uid else { return }
    let summary = try segment.finish()
    try poisoning { () throws(HindcastError) in try file.synchronize() }
    try file.close()
    let facts = zip(schema.features, nullCounts).map {
      SegmentReference.ColumnFact(fieldID: $0.id, nullCount: $1)
    }
    references.append(
      SegmentReference(
        uid: uid, groupID: groupID, commitNumber: 0, rowCount: summary.rowCount,
        runCount: summary.runCount, byteCount: summary.byteCount,
        minEventTime: summary.minEventTime, maxEventTime: summary.maxEventTime,
        tombstoneCount: summary.tombstoneCount, trailerChecksum: summary.trailerChecksum,
        columns: facts))
    (self.file, self.uid) = (nil, nil)
    rowCount = 0
    nullCounts = schema.features.map { _ in 0 }
  }
}

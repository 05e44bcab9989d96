import HindcastCore
import HindcastFormat

/// Writes sorted rows to new segments, in order of arrival where they hold the same records.
final class SegmentSink {
  private let folder: SegmentFolder
  private let schema: SegmentSchema
  private let options: AppendOptions
  /// Of the rows that the current segment was begun for.
  private var sizes: ColumnSizes
  private var current: SegmentWriter?
  private var file: (any WritableFile)?
  private var uid: SegmentUID?
  private var rowCount = 0
  private var nullCounts: [Int]
  /// What orders the rows of the batch before.
  private var last: VersionBatch?
  private var written: [WrittenSegment] = []
  /// A failure after which no one knows what the disk holds.
  private(set) var syncFailure: HindcastError?

  /// A segment that is durable.
  private struct WrittenSegment {
    let summary: SegmentSummary
    let uid: SegmentUID
    let nullCounts: [(UInt32, Int)]
  }

  /// - Parameter sizes: of the rows that ``append(_:)`` will be given.
  init(folder: SegmentFolder, schema: SegmentSchema, sizes: ColumnSizes, options: AppendOptions) {
    self.folder = folder
    self.schema = schema
    self.sizes = sizes
    self.options = options
    nullCounts = schema.features.map { _ in 0 }
  }

  /// The segments so far, the one that is being written among them.
  var segmentCount: Int { written.count + (uid == nil ? 0 : 1) }

  /// Whether rows of such sizes that begin with `batch` may follow in the current segment: they
  /// come after its rows in order, too.
  func goesOn(with batch: VersionBatch, _ sizes: ColumnSizes) -> Bool {
    guard current != nil, let last else { return false }
    return VersionOrder.compare(last, last.count - 1, batch, 0) <= 0
      && self.sizes.allow(sizes, profile: options.profile)
  }

  /// Ends the current segment: rows of such sizes follow that arrived after all before, whatever
  /// records they are of.
  func startSegment(_ sizes: ColumnSizes) throws(HindcastError) {
    try finishSegment()
    self.sizes = sizes
  }

  /// Writes rows that follow those before in order.
  /// - Parameter overlaps: whether to make the next batches of them while some are written.
  func append(_ rows: any BatchSource, overlaps: Bool) throws(HindcastError) {
    let batches = BatchesAhead(rows, overlaps: overlaps)
    while let batch = try batches.next() { try append(batch) }
  }

  /// Writes rows that follow those before in order.
  func append(_ batch: VersionBatch) throws(HindcastError) {
    var start = 0
    while start < batch.count {
      let end = self.end(batch, from: start)
      if end > start { try write(batch.slice(start..<end)) }
      if end < batch.count { try finishSegment() }
      start = end
    }
    last = batch.withoutFeatures
  }

  /// Makes all segments, and their names, durable.
  func finish() throws(HindcastError) {
    try finishSegment()
    try synchronizing { () throws(HindcastError) in
      try folder.fileSystem.synchronizeDirectory(folder.path)
    }
  }

  /// The segments that are durable, as a commit names them, in order of arrival.
  /// - Parameter commits: whose rows they hold.
  func references(
    groupID: UInt32, commits: ClosedRange<UInt64>
  ) -> [SegmentReference] {
    written.map {
      SegmentReference(
        $0.summary, uid: $0.uid, groupID: groupID, commits: commits, nullCounts: $0.nullCounts)
    }
  }

  /// Removes all that was written.
  func discard() {
    var uids = written.map(\.uid)
    if let uid { uids.append(uid) }
    current = nil
    try? file?.close()
    // What can't be removed now goes with the leftovers when the next writer starts.
    for uid in uids { try? folder.fileSystem.removeFile(folder.file(uid)) }
    (written, file, uid) = ([], nil, nil)
  }

  private func synchronizing(
    _ body: () throws(HindcastError) -> Void
  ) throws(HindcastError) {
    do {
      try body()
    } catch {
      syncFailure = error
      throw error
    }
  }

  /// Where the current segment ends in a batch: at the end of a record, once it is full.
  private func end(_ batch: VersionBatch, from start: Int) -> Int {
    let limit = max(1, options.rowsPerSegment)
    guard rowCount + batch.count - start > limit else { return batch.count }
    for row in max(start, start + limit - rowCount)..<batch.count {
      if row > 0 {
        if batch.keys.compare(row - 1, batch.keys, row) != 0 { return row }
      } else if let last, last.keys.compare(last.count - 1, batch.keys, row) != 0 {
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
    let uid = folder.fileSystem.newSegmentUID()
    let file = try folder.createFile(uid)
    (self.uid, self.file) = (uid, file)
    current = try SegmentWriter(
      file: file, uid: uid, schema: schema, profile: options.profile, sizes: sizes)
  }

  private func finishSegment() throws(HindcastError) {
    guard let segment = current.take(), let file, let uid else { return }
    let summary = try segment.finish()
    try synchronizing { () throws(HindcastError) in try file.synchronize() }
    try file.close()
    written.append(
      WrittenSegment(
        summary: summary, uid: uid,
        nullCounts: zip(schema.features, nullCounts).map { ($0.id, $1) }))
    (self.file, self.uid) = (nil, nil)
    rowCount = 0
    nullCounts = schema.features.map { _ in 0 }
  }
}

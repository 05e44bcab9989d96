import HindcastCore
import HindcastFormat

/// Writes sorted rows to new segments: one, or several that hold different records.
final class SegmentSink {
  private let folder: SegmentFolder
  /// Hears of a failure after which no one knows what the disk holds.
  private let poison: (HindcastError) -> Void
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
  /// The commits whose rows these are.
  private let commits: ClosedRange<UInt64>
  /// The segments that are done.
  private(set) var references: [SegmentReference] = []

  /// - Parameter writer: is poisoned by a failure to make something durable; nil if no commit
  ///   names what is written here as it is.
  init(
    folder: SegmentFolder, poison: @escaping (HindcastError) -> Void = { _ in }, groupID: UInt32,
    commits: ClosedRange<UInt64>, schema: SegmentSchema, sizes: ColumnSizes, options: AppendOptions
  ) {
    self.folder = folder
    self.poison = poison
    self.commits = commits
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
    do {
      try body()
    } catch {
      poison(error)
      throw error
    }
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
    let uid = folder.fileSystem.newSegmentUID()
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
    references.append(
      SegmentReference(
        summary, uid: uid, groupID: groupID, commits: commits,
        nullCounts: zip(schema.features, nullCounts).map { ($0.id, $1) }))
    (self.file, self.uid) = (nil, nil)
    rowCount = 0
    nullCounts = schema.features.map { _ in 0 }
  }
}

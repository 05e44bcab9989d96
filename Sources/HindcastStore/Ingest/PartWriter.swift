import HindcastCore
import HindcastFormat

/// Writes the rows of one ingest in order of arrival, a part that fits into memory at a time.
///
/// A part is sorted and goes to a segment of its own, or on in the current one where it comes after
/// that in order too. Parts beyond a number of segments are spilled to temporary files, and merged
/// into one more segment at the end. So most ingests write their rows once, and none makes many
/// segments.
///
/// May be used by one thread at a time.
final class PartWriter: @unchecked Sendable {
  private let sink: SegmentSink
  private let runs: SortedRuns
  private let options: AppendOptions
  private let overlaps: Bool
  /// Of the rows that were spilled.
  private var spilledSizes: ColumnSizes

  init(
    _ options: AppendOptions, schema: SegmentSchema, fileSystem: any FileSystem,
    layout: StoreLayout
  ) {
    self.options = options
    overlaps = fileSystem.allowsOverlap
    spilledSizes = ColumnSizes(schema: schema)
    sink = SegmentSink(
      folder: SegmentFolder(fileSystem: fileSystem, path: layout.segments), schema: schema,
      sizes: spilledSizes, options: options)
    runs = SortedRuns(fileSystem: fileSystem, prefix: layout.temporary + "/", schema: schema)
  }

  /// A failure after which no one knows what the disk holds.
  var syncFailure: HindcastError? { sink.syncFailure }
  /// How many parts went to temporary files.
  var spilledCount: Int { runs.spilledCount }

  /// Writes the next part.
  /// - Parameter sizes: of its rows.
  func write(_ rows: BufferedRows, sizes: ColumnSizes) throws(HindcastError) {
    if runs.isEmpty, try append(rows, sizes, segmentLimit: options.segmentsPerIngest) { return }
    if let run = rows.sorted(bytesPerBatch: bytesPerBlock) { try runs.spill(run) }
    spilledSizes.add(sizes)
  }

  /// Writes the last part, and makes all segments durable.
  func finish(_ rows: BufferedRows, sizes: ColumnSizes) throws(HindcastError) {
    if runs.isEmpty {
      _ = try append(rows, sizes, segmentLimit: .max)
    } else {
      spilledSizes.add(sizes)
      let merged = try runs.merged(with: rows.sorted(bytesPerBatch: Self.bytesPerBatch))
      try sink.startSegment(spilledSizes)
      try sink.append(merged, overlaps: overlaps)
    }
    try sink.finish()
  }

  /// The segments, as commit `number` names them.
  func references(groupID: UInt32, commit number: UInt64) -> [SegmentReference] {
    sink.references(groupID: groupID, commits: number...number)
  }

  /// Removes the temporary files.
  func discardRuns() { runs.discard() }

  /// Removes the segments.
  func discardSegments() { sink.discard() }

  /// Writes a part to segments, if there are no more than `segmentLimit` then.
  private func append(
    _ rows: BufferedRows, _ sizes: ColumnSizes, segmentLimit: Int
  ) throws(HindcastError) -> Bool {
    guard let first = rows.first else { return true }
    if !sink.goesOn(with: first, sizes) {
      guard sink.segmentCount < segmentLimit else { return false }
      try sink.startSegment(sizes)
    }
    if let run = rows.sorted(bytesPerBatch: Self.bytesPerBatch) {
      try sink.append(run, overlaps: overlaps)
    }
    return true
  }

  private static let bytesPerBatch = 8 << 20

  /// Merging holds a block of each run.
  private var bytesPerBlock: Int {
    min(1 << 20, max(1 << 14, options.memoryBytes / (4 * SortedRuns.fanIn)))
  }
}

import HindcastCore
import HindcastFormat

/// Reads rows of stored segments, and writes what is kept of them to new ones.
///
/// The new segments are temporary files until a writer publishes them (``StoreWriter/replace``).
/// Whoever has one holds the rewriting lock.
struct Rewriter {
  let store: Store
  let groupID: UInt32
  /// The columns of the new segments.
  let schema: SegmentSchema
  /// Its features as they are read: with what they default to where a segment lacks them.
  let features: [Field]
  let options: RewriteOptions
  /// Versions that it gives up are left out; nil for none.
  let horizon: Int64?
  /// Records that are left out; sorted.
  let erased: KeyVector?
  /// Is told the rows that were written; may throw to stop.
  let progress: (Int) throws(HindcastError) -> Void

  /// The path before the names of temporary files.
  private var prefix: String {
    store.layout.temporary + "/" + StoreLayout.rewritingPrefix
  }

  /// The rows of `inputs`, which are in order of arrival, in new segments.
  ///
  /// Memory: a batch for each input that is merged at once, and a page a column.
  /// - Parameter commits: what the new segments cover.
  func rewrite(
    _ inputs: [SegmentReader], covering commits: ClosedRange<UInt64>
  ) throws(HindcastError) -> [SegmentReference] {
    var sizes = ColumnSizes(schema: schema)
    for input in inputs { try sizes.add(input, features: features) }
    let pace = options.bytesPerSecond.map { Pace(bytesPerSecond: $0) }
    let sink = SegmentSink(
      folder: SegmentFolder(
        fileSystem: store.fileSystem, path: store.layout.temporary,
        prefix: StoreLayout.rewritingPrefix, pace: pace),
      schema: schema, sizes: sizes,
      options: AppendOptions(profile: options.profile, rowsPerSegment: options.rowsPerSegment))
    let runs = SortedRuns(fileSystem: store.fileSystem, prefix: prefix, schema: schema)
    defer { runs.discard() }
    do {
      var rows: any BatchSource = try withoutExpired(
        try merged(inputs, fanIn: fanIn(sizes), runs), inputs)
      if let erased { rows = WithoutRecords(rows, erased) }
      rows = BatchesAhead(LastArrivals(rows), overlaps: store.fileSystem.allowsOverlap)
      var rowCount = 0
      while let batch = try rows.next() {
        try sink.append(batch)
        rowCount += batch.count
        try progress(rowCount)
      }
      try sink.finish()
    } catch {
      sink.discard()
      throw error
    }
    return sink.references(groupID: groupID, commits: commits)
  }

  /// All rows in order; more inputs than memory has room for are merged by parts first.
  private func merged(
    _ inputs: [SegmentReader], fanIn: Int, _ runs: SortedRuns
  ) throws(HindcastError) -> any BatchSource {
    if inputs.count <= fanIn {
      return try RunMerger(try sources(inputs, features: features))
    }
    for start in stride(from: 0, to: inputs.count, by: fanIn) {
      let part = Array(inputs[start..<min(start + fanIn, inputs.count)])
      let rows = try RunMerger(
        try sources(part, features: features), rowsPerBatch: 8_192)
      try runs.spill(Watched(rows, progress))
    }
    return try runs.merged(with: nil)
  }

  private func withoutExpired(
    _ rows: any BatchSource, _ inputs: [SegmentReader]
  ) throws(HindcastError) -> any BatchSource {
    guard let horizon else { return rows }
    let times = try RunMerger(try sources(inputs, features: []))
    return WithoutExpired(rows, times: times, horizon: horizon)
  }

  private func sources(
    _ inputs: [SegmentReader], features: [Field]
  ) throws(HindcastError) -> [any BatchSource] {
    var sources: [any BatchSource] = []
    for input in inputs {
      sources.append(
        try StoredRows(input, features: features, bytesPerBatch: bytesPerBatch))
    }
    return sources
  }

  /// The bytes of a batch of an input.
  private var bytesPerBatch: Int { min(8 << 20, max(1 << 16, options.memoryBytes / 64)) }

  /// As many inputs are merged at once: each takes about two batches, and a page a column.
  private func fanIn(_ sizes: ColumnSizes) -> Int {
    let batch = min(bytesPerBatch, StoredRows.rowsPerBatch * (24 + sizes.bytesPerRow))
    return max(2, options.memoryBytes / (2 * batch + sizes.bytesPerPage))
  }
}

/// How segments are rewritten.
struct RewriteOptions {
  var profile: Profile = .balanced
  var memoryBytes = 512 << 20
  var rowsPerSegment = 1 << 29
  var bytesPerSecond: Int?
}

/// Rows that ask at each batch whether to go on.
private final class Watched: BatchSource {
  private let source: any BatchSource
  private let progress: (Int) throws(HindcastError) -> Void

  init(_ source: any BatchSource, _ progress: @escaping (Int) throws(HindcastError) -> Void) {
    self.source = source
    self.progress = progress
  }

  func next() throws(HindcastError) -> VersionBatch? {
    try progress(0)
    return try source.next()
  }
}

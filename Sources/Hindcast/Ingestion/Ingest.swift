import HindcastCore
import HindcastInterchange
public import HindcastStore

/// Takes the rows of files into a group, in one atomic commit.
///
/// Files in the order given, then rows, are the order of arrival. Memory is bounded by the
/// sorter's.
/// - Throws: ``HindcastError`` if a file can't be read or has a bad row that is not to be set
///   aside; the store is then as it was.
public func ingest(
  _ files: [String], into name: String, of store: Store, options: IngestOptions,
  progress: any ProgressSink
) throws -> IngestReport {
  if let rejects = options.rejectsPath { try checkRejects(rejects, inputs: files, store) }
  let snapshot = try store.snapshot()
  let group = try snapshot.group(named: name).definition
  var reader = InputReader(RowPlan(ingesting: group), options: options, progress: progress)
  if options.isDryRun {
    if let commit = options.batchID.flatMap({ snapshot.commit(ofBatch: $0, in: name) }) {
      return reader.repetition(commit)
    }
    try reader.read(files) { _ in }
    try reader.checkAccepted()
    reader.discardRejects()
    return reader.report(commit: nil)
  }
  var report = try store.withWriter { writer in
    let appender = try writer.append(to: name, options: AppendOptions(options))
    if let earlier = appender.duplicateOf { return reader.repetition(earlier) }
    try reader.read(files) { versions in try appender.append(versions) }
    try reader.checkAccepted()
    progress.update(phase: "writing", done: 0, total: reader.rowCount, unit: "rows")
    try reader.closeRejects()
    guard reader.rowCount > 0 || options.batchID != nil else { return reader.report(commit: nil) }
    return reader.report(commit: try appender.commit().commitNumber)
  }
  if options.compactsAfterwards, report.commit != nil {
    report.notes += compactAfterIngest(name, of: store, options: options, progress: progress)
  }
  return report
}

/// Refuses a file of rejects that could not be written, before anything is read.
private func checkRejects(
  _ path: String, inputs: [String], _ store: Store
) throws(HindcastError) {
  guard !inputs.contains(where: { isSameFile($0, path) }) else {
    throw HindcastError(
      .invalidArgument, "the rejects would replace this input: give them another name",
      at: .init(file: path))
  }
  guard !isInside(path, folder: store.path) else {
    throw HindcastError(
      .invalidArgument, "the rejects would lie inside the store: name a file elsewhere",
      at: .init(file: path))
  }
  do throws(HindcastError) {
    _ = try TableWriter.format(of: path)
  } catch {
    throw HindcastError(
      .invalidArgument,
      "the rejects' format can't be told from the name, or is not written: end it with .parquet, "
        + ".csv, .jsonl or .arrow", at: .init(file: path), cause: error)
  }
}

/// Merges segments after an ingest, whose rows are in whatever becomes of that; returns what went
/// wrong.
///
/// Where another process merges already, or the user stops it, nothing did.
private func compactAfterIngest(
  _ name: String, of store: Store, options: IngestOptions, progress: any ProgressSink
) -> [String] {
  var compaction = CompactionOptions(profile: options.profile)
  if let memory = options.memoryBytes { compaction.memoryBytes = memory }
  do throws(HindcastError) {
    _ = try compact(name, of: store, options: compaction, progress: progress)
    return []
  } catch {
    let isFailure = error.code != .busy && error.code != .cancelled
    return isFailure ? ["the rows are in, but merging segments afterwards failed: \(error)"] : []
  }
}

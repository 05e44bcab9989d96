import HindcastCore
import HindcastInterchange
import HindcastStore

/// Reads files of versions one after the other: batches out, bad rows counted, shown or set aside.
struct InputReader {
  private let plan: RowPlan
  private let options: IngestOptions
  private let progress: any ProgressSink
  private var refusals = Refusals()
  private var rejects: RejectsWriter?
  private var notes: [String] = []
  private(set) var rowCount = 0
  private var rowsRead = 0
  private var neverKnownCount = 0

  init(_ plan: RowPlan, options: IngestOptions, progress: any ProgressSink) {
    self.plan = plan
    self.options = options
    self.progress = progress
    if let path = options.rejectsPath { rejects = RejectsWriter(path: path, plan: plan) }
  }

  /// Reads all files; good rows go to `sink` until a bad one refuses the input.
  mutating func read(_ files: [String], _ sink: (VersionBatch) throws -> Void) throws {
    do {
      for file in files { try read(file, sink) }
    } catch {
      rejects?.cancel()
      throw error
    }
  }

  private mutating func read(_ file: String, _ sink: (VersionBatch) throws -> Void) throws {
    try InputFile.check(file)
    let input = try InputFile(file, plan: plan, options: options)
    notes += input.notes
    var problems = CellProblems(file: file)
    do throws(HindcastError) {
      let converter = BatchConverter(plan, options: input.castOptions)
      while let (columns, count) = try input.next() {
        try Interruption.check()
        problems.startBatch(firstRow: input.rowCount - count)
        let versions = try converter.convert(columns, count: count, problems: &problems)
        try take(versions, problems, columns, firstRow: input.rowCount - count, sink)
        rowsRead += count
        progress.update(phase: "reading", done: rowsRead, total: nil, unit: "rows")
      }
    } catch {
      throw error.inFile(file)
    }
    refusals.add(problems)
  }

  private mutating func take(
    _ versions: VersionBatch?, _ problems: CellProblems, _ columns: [String: Column],
    firstRow: Int, _ sink: (VersionBatch) throws -> Void
  ) throws(HindcastError) {
    let reasons = problems.reasonByBatchRow
    if !reasons.isEmpty {
      try rejects?.add(reasons, of: columns, file: problems.file ?? "", firstRow: firstRow)
    }
    guard let versions else { return }
    rowCount += versions.count
    neverKnownCount += versions.createdTimes?.nullCount ?? 0
    // A refused input is read on, to count its bad rows, but sorted no more.
    guard rejects != nil || (problems.isEmpty && refusals.isEmpty) else { return }
    do {
      try sink(versions)
    } catch let error as HindcastError {
      throw error
    } catch {
      throw HindcastError(.io, "\(error)", cause: error)
    }
  }

  /// - Throws: ``HindcastError`` if a bad row refuses the input.
  func checkAccepted() throws(HindcastError) {
    if rejects == nil, let error = refusals.error(offersRejects: plan.deletion != .all) {
      throw error
    }
  }

  /// Makes the file of bad rows complete, if there are any.
  mutating func closeRejects() throws { try rejects?.close() }

  /// Leaves no file of bad rows.
  mutating func discardRejects() { rejects?.cancel() }

  /// The report of a batch that is in already.
  func repetition(_ commit: UInt64) -> IngestReport {
    var report = report(commit: commit)
    report.isRepetition = true
    return report
  }

  func report(commit: UInt64?) -> IngestReport {
    var report = IngestReport(group: plan.group.name)
    report.commit = commit
    report.rowCount = rowCount
    report.rejectedRowCount = rejects == nil ? 0 : refusals.rowCount
    report.isDryRun = options.isDryRun
    report.notes = notes
    if neverKnownCount > 0, let column = plan.group.createdTime {
      report.notes.append(
        "\(Quantities.count(neverKnownCount, "row")) without \(column): nobody knows when they "
          + "became known, so no as-of read sees them but under --known-late")
    }
    return report
  }
}

extension AppendOptions {
  /// The store's part of the options.
  init(_ options: IngestOptions) {
    self.init(batchID: options.batchID, profile: options.profile, note: "ingest")
    if let memoryBytes = options.memoryBytes { self.memoryBytes = memoryBytes }
  }
}

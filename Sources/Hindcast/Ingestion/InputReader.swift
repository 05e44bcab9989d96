import HindcastCore
import HindcastInterchange
import HindcastStore

/// Reads files of versions one after the other: batches out, bad rows counted, shown or set aside.
struct InputReader {
  private let plan: RowPlan
  private let options: IngestOptions
  private let progress: any ProgressSink
  private var problems = ProblemList()
  private var rejects: RejectsWriter?
  private var notes: [String] = []
  private(set) var rowCount = 0
  private var rowsRead = 0

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
    let converter = BatchConverter(
      plan, file: file, isText: input.format == .csv, integerTimeUnit: options.integerTimeUnit)
    var firstRow = 0
    while let (columns, count) = try input.next() {
      try Interruption.check()
      let result = try converter.convert(columns, count: count, firstRow: firstRow)
      try take(result, of: columns, firstRow: firstRow, sink)
      firstRow += count
      rowsRead += count
      progress.update(phase: "reading", done: rowsRead, total: nil, unit: "rows")
    }
  }

  private mutating func take(
    _ result: BatchConverter.Result, of columns: [String: Column], firstRow: Int,
    _ sink: (VersionBatch) throws -> Void
  ) throws {
    problems.add(result.problems, badRows: result.problems.count)
    if !result.problems.isEmpty {
      try rejects?.add(result.problems, of: columns, firstRow: firstRow)
    }
    guard let versions = result.versions else { return }
    rowCount += versions.count
    // A refused input is read on, to count its bad rows, but sorted no more.
    if rejects != nil || problems.badRowCount == 0 { try sink(versions) }
  }

  /// - Throws: ``HindcastError`` if a bad row refuses the input.
  func checkAccepted() throws(HindcastError) {
    if rejects == nil, problems.badRowCount > 0 { throw problems.refusal() }
  }

  /// Makes the file of bad rows complete, if there are any.
  mutating func closeRejects() throws { try rejects?.close() }

  /// Leaves no file of bad rows.
  mutating func discardRejects() { rejects?.cancel() }

  func report(commit: UInt64?) -> IngestReport {
    var report = IngestReport(group: plan.group.name)
    report.commit = commit
    report.rowCount = rowCount
    report.rejectedRowCount = rejects == nil ? 0 : problems.badRowCount
    report.isDryRun = options.isDryRun
    report.notes = notes
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

import HindcastCore
import HindcastInterchange
public import HindcastStore
import Synchronization

/// Rows that are durable, and the snapshot that has them.
public struct Acknowledgement: Hashable, Sendable {
  /// All rows of the input up to this one, counted from 1, are durable.
  public let row: Int
  /// The snapshot with which the last of them came.
  public let snapshot: UInt64

  /// The acknowledgement as a line of JSON.
  public var line: String { "{\"row\": \(row), \"snapshot\": \(snapshot)}\n" }
}

/// Takes the rows of standard input into a group as they come, without end.
///
/// What is acknowledged is durable, and seen by every reader. At the first bad row the rows before
/// it are taken in, and the stream ends.
/// - Parameters:
///   - note: hears of columns that are ignored, before the first row.
///   - acknowledge: hears of every batch, in order, on another thread; what it throws ends the
///     stream.
///   - failedWaiting: hears, on another thread, of what ends the stream while it waits for input:
///     for ever, where the producer waits for an acknowledgement.
/// - Throws: ``HindcastError`` that names the bad row, or says what else ended the stream; what was
///   acknowledged stays.
public func ingestStream(
  into name: String, of store: Store, options: IngestOptions, progress: any ProgressSink,
  note: (String) -> Void = { _ in },
  acknowledge: @escaping @Sendable (Acknowledgement) throws -> Void,
  failedWaiting: @escaping @Sendable (any Error) -> Void = { _ in }
) throws -> StreamReport {
  let stream = try store.stream()
  do {
    let group = try stream.group(named: name)
    var ingest = StreamIngest(
      stream, RowPlan(ingesting: group), options: options,
      Acknowledgements(acknowledge, failedWaiting: failedWaiting))
    try ingest.run(progress, note)
    try stream.close()
    return ingest.report
  } catch {
    // What made the stream fail, if it did, is the error already.
    try? stream.close()
    throw error
  }
}

/// What a stream took in.
public struct StreamReport: Report {
  /// The group.
  public var group: String
  /// The rows taken in.
  public var rowCount = 0
  /// The snapshot with the last of them; nil if there were none.
  public var snapshot: UInt64?

  /// One line.
  public var text: String {
    guard let snapshot else { return "No rows for \(group).\n" }
    return "\(Quantities.count(rowCount, "row")) into \(group), the last in commit \(snapshot).\n"
  }

  /// The count and the snapshot.
  public var json: JSONValue {
    [
      "group": .string(group), "rows": .number(rowCount),
      "snapshot": snapshot.map { .number($0) } ?? .null,
    ]
  }
}

/// One standard input on its way into a stream.
private struct StreamIngest {
  private let stream: HindcastStore.Stream
  private let plan: RowPlan
  private let options: IngestOptions
  private let acknowledgements: Acknowledgements
  private(set) var report: StreamReport

  init(
    _ stream: HindcastStore.Stream, _ plan: RowPlan, options: IngestOptions,
    _ acknowledgements: Acknowledgements
  ) {
    self.stream = stream
    self.plan = plan
    self.options = options
    self.acknowledgements = acknowledgements
    report = StreamReport(group: plan.group.name)
  }

  mutating func run(_ progress: any ProgressSink, _ note: (String) -> Void) throws {
    let input = try InputFile("-", plan: plan, options: options, mayBeEmpty: true)
    input.notes.forEach(note)
    let converter = BatchConverter(plan, options: input.castOptions)
    while !Interruption.isRequested, let (columns, count) = try next(input) {
      try acknowledgements.check()
      let first = input.rowCount - count
      var problems = CellProblems(file: "-")
      problems.startBatch(firstRow: first)
      let versions = try converter.convert(columns, count: count, problems: &problems)
      if let bad = problems.reasonByBatchRow.keys.min() {
        if bad > 0, let versions { try submit(versions.slice(0..<bad), first: first) }
        try finish()
        throw refusal(problems)
      }
      if let versions { try submit(versions, first: first) }
      progress.update(phase: "streaming", done: input.rowCount, total: nil, unit: "rows")
    }
    try finish()
    // An interrupt ends the input, too.
    if Interruption.isRequested {
      throw HindcastError(.cancelled, "interrupted; \(rowsBefore) in")
    }
  }

  /// The next rows; those before a line that can't be read are taken in first.
  private mutating func next(_ input: InputFile) throws -> ([String: Column], Int)? {
    acknowledgements.startWaiting()
    defer { acknowledgements.endWaiting() }
    do throws(HindcastError) {
      return try input.next()
    } catch {
      try finish()
      throw ended(error, at: error.location?.row)
    }
  }

  /// Adds rows of which so many came before; those before one that is too large are taken in.
  private mutating func submit(_ versions: VersionBatch, first: Int) throws {
    do throws(HindcastError) {
      try add(versions, first: first)
    } catch {
      guard let row = error.location?.row else { throw error }
      if row > 1 { try add(versions.slice(0..<(row - 1)), first: first) }
      try finish()
      throw ended(error, at: first + row)
    }
  }

  private func add(_ versions: VersionBatch, first: Int) throws(HindcastError) {
    let last = first + versions.count
    try sayingWhatIsIn { () throws(HindcastError) in
      try stream.submit(versions, to: plan.group.name) { [acknowledgements] result in
        switch result {
        case .success(let receipt):
          acknowledgements.add(Acknowledgement(row: last, snapshot: receipt.commitNumber))
        case .failure(let error): acknowledgements.fail(acknowledgements.explained(error))
        }
      }
    }
  }

  /// Where the disk fails `body`, the error says which rows are in.
  private func sayingWhatIsIn(
    _ body: () throws(HindcastError) -> Void
  ) throws(HindcastError) {
    do throws(HindcastError) {
      try body()
    } catch {
      throw acknowledgements.explained(error)
    }
  }

  private mutating func finish() throws {
    try sayingWhatIsIn { () throws(HindcastError) in try stream.flush() }
    try acknowledgements.check()
    if let last = acknowledgements.last {
      report.rowCount = last.row
      report.snapshot = last.snapshot
    }
  }

  private func ended(_ error: HindcastError, at row: Int?) -> HindcastError {
    var refusal = error.inFile("-")
    refusal.location?.row = row
    refusal.message += " (the stream ends here; \(rowsBefore) in)"
    return refusal
  }

  private var rowsBefore: String {
    Quantities.count(report.rowCount, "row") + " before \(report.rowCount == 1 ? "is" : "are")"
  }

  private func refusal(_ problems: CellProblems) -> HindcastError {
    var refusals = Refusals()
    refusals.add(problems)
    var error =
      refusals.error(offersRejects: false) ?? HindcastError(.invalidValue, "a bad row")
    error.message = error.message.replacingOccurrences(
      of: "and nothing was committed", with: "where the stream ends; \(rowsBefore) in")
    return error
  }
}

/// The acknowledgements of a stream.
private final class Acknowledgements: Sendable {
  private struct State {
    var last: Acknowledgement?
    var failure: (any Error)?
    /// Whether the next rows are waited for.
    var isWaiting = false
    var isTold = false

    /// What ends the stream while it waits; nil if it does not, or that was told.
    mutating func untold() -> (any Error)? {
      guard isWaiting, !isTold, let failure else { return nil }
      isTold = true
      return failure
    }
  }

  private let state = Mutex(State())
  private let acknowledge: @Sendable (Acknowledgement) throws -> Void
  private let failedWaiting: @Sendable (any Error) -> Void

  init(
    _ acknowledge: @escaping @Sendable (Acknowledgement) throws -> Void,
    failedWaiting: @escaping @Sendable (any Error) -> Void
  ) {
    self.acknowledge = acknowledge
    self.failedWaiting = failedWaiting
  }

  var last: Acknowledgement? { state.withLock { $0.last } }

  func add(_ acknowledgement: Acknowledgement) {
    do {
      try acknowledge(acknowledgement)
    } catch {
      fail(error)
    }
    state.withLock { $0.last = acknowledgement }
  }

  /// Remembers what ends the stream, and tells it if the stream waits for input.
  func fail(_ error: any Error) {
    tell {
      $0.failure = $0.failure ?? error
      return $0.untold()
    }
  }

  func startWaiting() {
    tell {
      $0.isWaiting = true
      return $0.untold()
    }
  }

  func endWaiting() { state.withLock { $0.isWaiting = false } }

  private func tell(_ change: (inout State) -> (any Error)?) {
    if let error = state.withLock({ change(&$0) }) { failedWaiting(error) }
  }

  /// An error of the disk with the rows that are in.
  func explained(_ error: HindcastError) -> HindcastError {
    guard error.code == .io else { return error }
    var explained = error
    let count = Quantities.count(last?.row ?? 0, "row")
    explained.message += " (the stream ends here; \(count) of it acknowledged, and in)"
    return explained
  }

  /// - Throws: what an acknowledgement threw.
  func check() throws {
    if let failure = state.withLock({ $0.failure }) { throw failure }
  }
}

import Foundation
import HindcastCore

/// Rows on their way into the log: what waits, what is being written, and what failed.
///
/// Any thread puts rows in; the stream's own thread takes them out. All state is touched with the
/// condition's lock held.
final class StreamQueue: @unchecked Sendable {
  typealias Completion = @Sendable (Result<StreamReceipt, HindcastError>) -> Void

  /// A batch that waits.
  struct Entry {
    let groupID: UInt32
    let batch: VersionBatch
    let byteCount: Int
    let batchID: String?
    let completion: Completion
  }

  /// What the stream's thread does next.
  enum Work {
    /// Make a commit of these rows.
    case commit([Entry])
    /// Do what only the writer's own thread may.
    case job(Job)
  }

  /// Something that the stream's thread does for another one.
  final class Job: @unchecked Sendable {
    let body: (StoreWriter) throws(HindcastError) -> Void
    fileprivate var result: Result<Void, HindcastError>?

    fileprivate init(_ body: @escaping (StoreWriter) throws(HindcastError) -> Void) {
      self.body = body
    }
  }

  private let condition = NSCondition()
  private let byteLimit: Int
  private var entries: [Entry] = []
  private var byteCount = 0
  private var addedCount = 0
  private var doneCount = 0
  /// The batches of the last commit.
  private var lastCount = 0
  private var jobs: [Job] = []
  private var tidyingCount = 0
  private var isClosing = false
  private var failure: HindcastError?

  /// One commit takes in at most so many bytes, unless a single batch has more.
  private static let commitByteLimit = 8 << 20
  /// How long a commit may wait for as many batches as the last one had, in seconds.
  ///
  /// Their producers heard of it just now, and most have more. About what a quick disk takes to
  /// synchronise.
  private static let awaitingSeconds = 0.0002

  init(byteLimit: Int) {
    self.byteLimit = byteLimit
  }

  /// Adds a batch, once there is room for it.
  /// - Throws: what made the stream fail; `cancelled` if it is closed.
  func add(_ entry: Entry) throws(HindcastError) {
    condition.lock()
    defer { condition.unlock() }
    while failure == nil, !isClosing, !entries.isEmpty, byteCount + entry.byteCount > byteLimit {
      condition.wait()
    }
    if let failure { throw failure }
    guard !isClosing else {
      throw HindcastError(.cancelled, "this stream is closed")
    }
    entries.append(entry)
    byteCount += entry.byteCount
    addedCount += 1
    condition.broadcast()
  }

  /// Waits until everything that was added before is durable.
  /// - Throws: what made the stream fail.
  func flush() throws(HindcastError) {
    condition.lock()
    defer { condition.unlock() }
    let wanted = addedCount
    while failure == nil, doneCount < wanted { condition.wait() }
    if let failure { throw failure }
  }

  /// Waits for work; nil when the queue is closed, empty, and no thread may bring a job.
  func next() -> Work? {
    condition.lock()
    defer { condition.unlock() }
    while true {
      if !jobs.isEmpty { return .job(jobs.removeFirst()) }
      awaitMore()
      if !entries.isEmpty { return .commit(takeEntries()) }
      if isClosing, tidyingCount == 0 { return nil }
      condition.wait()
    }
  }

  /// Waits a moment for as many batches as the last commit had, once there is one.
  private func awaitMore() {
    guard !entries.isEmpty, entries.count < lastCount else { return }
    let end = Date(timeIntervalSinceNow: Self.awaitingSeconds)
    while entries.count < lastCount, byteCount < Self.commitByteLimit, !isClosing, failure == nil,
      condition.wait(until: end)
    {}
  }

  private func takeEntries() -> [Entry] {
    var (count, bytes) = (0, 0)
    for entry in entries {
      if count > 0, bytes + entry.byteCount > Self.commitByteLimit { break }
      count += 1
      bytes += entry.byteCount
    }
    let taken = Array(entries.prefix(count))
    entries.removeFirst(count)
    byteCount -= bytes
    lastCount = count
    return taken
  }

  /// Tells that entries are done, whatever became of them.
  func finish(_ count: Int) {
    condition.lock()
    doneCount += count
    condition.broadcast()
    condition.unlock()
  }

  /// Makes everything that is added from now on fail, and what waits.
  func fail(_ error: HindcastError) {
    condition.lock()
    let waiting = failure == nil ? entries : []
    failure = failure ?? error
    if !waiting.isEmpty {
      entries = []
      byteCount = 0
      doneCount += waiting.count
    }
    condition.broadcast()
    condition.unlock()
    for entry in waiting { entry.completion(.failure(error)) }
  }

  /// What made the stream fail.
  var error: HindcastError? {
    condition.lock()
    defer { condition.unlock() }
    return failure
  }

  /// Lets no more in.
  func close() {
    condition.lock()
    isClosing = true
    condition.broadcast()
    condition.unlock()
  }
}

extension StreamQueue {
  /// Whether a thread tidies the store up.
  var isTidying: Bool {
    condition.lock()
    defer { condition.unlock() }
    return tidyingCount > 0
  }

  /// Whether the stream is about to end.
  var isEnding: Bool {
    condition.lock()
    defer { condition.unlock() }
    return isClosing || failure != nil
  }

  func startTidying() {
    condition.lock()
    tidyingCount += 1
    condition.unlock()
  }

  func endTidying() {
    condition.lock()
    tidyingCount -= 1
    condition.broadcast()
    condition.unlock()
  }

  /// Has the stream's thread do something, and waits until it is done.
  ///
  /// Only between ``startTidying()`` and ``endTidying()`` or before ``close()``, and on another
  /// thread than the stream's.
  func perform(
    _ body: @escaping (StoreWriter) throws(HindcastError) -> Void
  ) throws(HindcastError) {
    let job = Job(body)
    condition.lock()
    jobs.append(job)
    condition.broadcast()
    while job.result == nil { condition.wait() }
    condition.unlock()
    try job.result?.get()
  }

  /// Does a job; its failure is for who waits for it.
  func run(_ job: Job, _ writer: StoreWriter) {
    var result = Result<Void, HindcastError>.success(())
    do throws(HindcastError) {
      if let error { throw error }
      try job.body(writer)
    } catch {
      result = .failure(error)
    }
    condition.lock()
    job.result = result
    condition.broadcast()
    condition.unlock()
  }
}

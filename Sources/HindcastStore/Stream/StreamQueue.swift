import Foundation
import HindcastCore
import Synchronization

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
  /// Goes up with all that the stream's thread may wait for.
  private let changeCount = Atomic(0)
  private let byteLimit: Int
  private var entries: [Entry] = []
  private var byteCount = 0
  private var addedCount = 0
  private var doneCount = 0
  /// What the commit under way took in.
  private var taken = (count: 0, byteCount: 0)
  /// When it waits no longer for more.
  private var takingEnd = ContinuousClock.now
  /// How many batches were under way when the last commit was durable.
  private var expectedCount = 0
  private var jobs: [Job] = []
  private var tidyingCount = 0
  private var isClosing = false
  private var failure: HindcastError?

  /// One commit takes in at most so many bytes, unless a single batch has more.
  private static let commitByteLimit = 8 << 20
  /// How long the stream's thread stays awake for more, after a commit and in one.
  ///
  /// A producer that heard of its batch just now sends the next one sooner than a thread that
  /// sleeps wakes up. The thread works for nothing at most twice so long a commit.
  private static let patience = Duration.microseconds(100)

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
    announce()
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
    let end = ContinuousClock.now + Self.patience
    while true {
      if !jobs.isEmpty { return .job(jobs.removeFirst()) }
      if !entries.isEmpty {
        taken = (0, 0)
        takingEnd = ContinuousClock.now + Self.patience
        return .commit(takeEntries())
      }
      if isClosing, tidyingCount == 0 { return nil }
      if !stayAwake(until: end) { condition.wait() }
    }
  }

  /// What goes into the commit under way as well; empty once nothing does.
  ///
  /// Waits a moment for as many batches as were under way when the last commit was durable.
  func more() -> [Entry] {
    condition.lock()
    defer { condition.unlock() }
    while taken.count < expectedCount, failure == nil {
      if !entries.isEmpty { return takeEntries() }
      guard !isClosing, stayAwake(until: takingEnd) else { break }
    }
    return []
  }

  /// Lets others in until something changes or `end` is there; false if that is past.
  private func stayAwake(until end: ContinuousClock.Instant) -> Bool {
    guard ContinuousClock.now < end else { return false }
    let seen = changeCount.load(ordering: .relaxed)
    condition.unlock()
    defer { condition.lock() }
    while changeCount.load(ordering: .relaxed) == seen, ContinuousClock.now < end { sched_yield() }
    return true
  }

  /// Wakes all who wait.
  private func announce() {
    changeCount.add(1, ordering: .relaxed)
    condition.broadcast()
  }

  /// As much of what waits as the commit under way has room for.
  private func takeEntries() -> [Entry] {
    var count = 0
    for entry in entries {
      let isFirst = taken.count == 0
      guard isFirst || taken.byteCount + entry.byteCount <= Self.commitByteLimit else { break }
      taken = (taken.count + 1, taken.byteCount + entry.byteCount)
      byteCount -= entry.byteCount
      count += 1
    }
    defer { entries.removeFirst(count) }
    return Array(entries.prefix(count))
  }

  /// Tells that a commit is durable, and that its producers are about to hear of it.
  func willAcknowledge() {
    condition.lock()
    expectedCount = addedCount - doneCount
    condition.unlock()
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
    announce()
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
    announce()
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
    announce()
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
    announce()
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

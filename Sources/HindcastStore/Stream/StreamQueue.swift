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
    /// Publish the segments that rows of the log went into.
    case roll([Edit])
  }

  private let condition = NSCondition()
  private let byteLimit: Int
  private var entries: [Entry] = []
  private var byteCount = 0
  private var addedCount = 0
  private var doneCount = 0
  private var rolled: [Edit]?
  private var rollingCount = 0
  private var isClosing = false
  private var failure: HindcastError?

  /// One commit takes in at most so many bytes, unless a single batch has more.
  private static let commitByteLimit = 8 << 20

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

  /// Waits for work; nil when the queue is closed, empty, and nothing is being rolled.
  func next() -> Work? {
    condition.lock()
    defer { condition.unlock() }
    while true {
      if let edits = rolled.take() { return .roll(edits) }
      if !entries.isEmpty { return .commit(takeEntries()) }
      if isClosing, rollingCount == 0 { return nil }
      condition.wait()
    }
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
  /// Whether rows of the log are being written to segments.
  var isRolling: Bool {
    condition.lock()
    defer { condition.unlock() }
    return rollingCount > 0
  }

  func startRolling() {
    condition.lock()
    rollingCount += 1
    condition.unlock()
  }

  /// Hands over the edits of a roll, for the stream's thread to publish.
  func publish(_ edits: [Edit]) {
    condition.lock()
    rolled = edits
    condition.broadcast()
    condition.unlock()
  }

  func endRolling() {
    condition.lock()
    rollingCount -= 1
    condition.broadcast()
    condition.unlock()
  }
}

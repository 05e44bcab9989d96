public import HindcastCore
import HindcastFormat
import Synchronization

/// Rows into the store as they come, durable in the order in which they were added.
///
/// ```
/// let stream = try store.stream()
/// let receipt = try await stream.append(rows, to: "balances")   // durable, seen by all readers
/// try stream.submit(more, to: "balances") { result in ... }      // the same, without waiting
/// try stream.flush()                                             // all of the above is durable
/// try stream.close()
/// ```
/// All that waits shares one durable write, a commit of the log, so that many small batches cost
/// little more than one. The log goes into segments by itself, beside what comes in. The stream is
/// the store's one writer until it is closed. Any number of threads and tasks may use it.
public final class Stream: Sendable {
  private let groups: [String: Target]
  private let queue: StreamQueue
  private let thread: Mutex<OwnThread?>

  /// A batch has at most so many bytes.
  private static let batchByteLimit = 256 << 20

  /// A group that rows go to; a class, so that threads that find it share one count of owners.
  private final class Target: Sendable {
    let id: UInt32
    let definition: FeatureGroup

    init(_ group: Catalogue.GroupState) {
      id = group.id
      definition = group.definition
    }
  }

  init(_ store: Store, options: StreamOptions) throws(HindcastError) {
    let lock = try WriterLock.take(store.fileSystem, store.layout)
    let writer = try StoreWriter(store: store, lock: lock)
    do {
      let logged = writer.catalogue.groups.flatMap(\.logged)
      let places = Set(logged.map(\.place))
      if places.count >= options.logCommitLimit
        || places.reduce(0, { $0 + $1.byteCount }) >= options.logByteLimit
      {
        try writer.rollLog()
      }
      try writer.openLog(options.space)
    } catch {
      writer.close()
      throw error
    }
    groups = Dictionary(
      uniqueKeysWithValues: writer.catalogue.liveGroups.map { ($0.definition.name, Target($0)) })
    let queue = StreamQueue(byteLimit: options.waitingByteLimit)
    self.queue = queue
    let worker = StreamWriter(writer, queue: queue, options: options)
    guard let thread = OwnThread({ worker.run() }) else {
      writer.close()
      throw HindcastError(.io, "the system has no thread to give for a stream")
    }
    self.thread = Mutex(thread)
  }

  deinit {
    queue.close()
    thread.withLock { $0.take()?.join() }
  }

  /// The group of that name, as it was when the stream was opened.
  /// - Throws: `not_found` with the nearest names.
  public func group(named name: String) throws(HindcastError) -> FeatureGroup {
    guard let group = groups[name] else {
      throw Names.unknown("group", name, among: groups.keys.sorted())
    }
    return group.definition
  }

  /// Adds rows and returns when they are durable.
  ///
  /// The batch must have the form of the group, as for ``Appender/append(_:)``; anything else
  /// traps.
  /// - Parameter batchID: a name for the batch. One that the group has seen changes nothing, so
  ///   that a producer may repeat a batch when it does not know what became of it.
  /// - Throws: `not_found` with the nearest names, `limit_exceeded` if the batch has more than
  ///   256 MiB, or a row what no segment can hold, `io`; after a failure of the disk everything
  ///   fails, and the stream is to be closed.
  public func append(
    _ batch: VersionBatch, to group: String, batchID: String? = nil
  ) async throws(HindcastError) -> StreamReceipt {
    let result: Result<StreamReceipt, HindcastError> = await withCheckedContinuation { waiting in
      do throws(HindcastError) {
        try submit(batch, to: group, batchID: batchID) { waiting.resume(returning: $0) }
      } catch {
        waiting.resume(returning: .failure(error))
      }
    }
    return try result.get()
  }

  /// Adds rows; `completion` is called on the stream's thread when they are durable, or not to be
  /// had.
  ///
  /// Waits while too many bytes wait to be written.
  /// - Throws: as ``append(_:to:batchID:)``; `completion` is not called then.
  public func submit(
    _ batch: VersionBatch, to group: String, batchID: String? = nil,
    completion: @escaping @Sendable (Result<StreamReceipt, HindcastError>) -> Void
  ) throws(HindcastError) {
    guard let target = groups[group] else {
      throw Names.unknown("group", group, among: groups.keys.sorted())
    }
    batch.checkForm(target.definition)
    try AppendOptions.check(batchID)
    try batch.checkLimits(target.definition)
    let byteCount = batch.byteCount
    guard byteCount <= Self.batchByteLimit else {
      throw HindcastError(
        .limitExceeded,
        "a batch of \(byteCount) bytes is more than a stream takes (\(Self.batchByteLimit)): cut "
          + "it, or ingest it as a file")
    }
    try queue.add(
      StreamQueue.Entry(
        groupID: target.id, batch: batch, byteCount: byteCount, batchID: batchID,
        completion: completion))
  }

  /// Returns when everything added before is durable.
  /// - Throws: what made the stream fail.
  public func flush() throws(HindcastError) { try queue.flush() }

  /// Runs `body` on the stream's own thread once it has done all there was to do; says whether
  /// another one tidies the store up meanwhile.
  ///
  /// For tests, which need each run to be like the one before: nobody else may use the stream then.
  package func waitUntilIdle(_ body: @escaping () -> Void = {}) -> Bool {
    try? queue.perform { _ throws(HindcastError) in body() }
    return queue.isTidying
  }

  /// Whether nothing more can be added.
  package var isEnding: Bool { queue.isEnding }

  /// Makes everything durable and lets the store go; nothing can be added afterwards.
  ///
  /// The rows stay in the log until there are enough for a segment.
  /// - Throws: what made the stream fail.
  public func close() throws(HindcastError) {
    queue.close()
    thread.withLock { $0.take()?.join() }
    if let error = queue.error { throw error }
  }
}

extension Store {
  /// Opens a stream, which is the store's one writer until it is closed.
  /// - Throws: `busy`, naming who writes and since when; `io`.
  public func stream(options: StreamOptions = StreamOptions()) throws(HindcastError) -> Stream {
    try Stream(self, options: options)
  }
}

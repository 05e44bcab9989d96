public import HindcastCore
import HindcastFormat

extension Store {
  /// Runs `body` as the store's one writer.
  ///
  /// What crashed writers left behind is removed first. Appenders that `body` did not commit are
  /// cancelled.
  /// - Throws: `busy`, naming who writes and since when; `io`, e.g. on a read-only disk; what
  ///   `body` throws.
  public func withWriter<Result>(
    _ body: (StoreWriter) throws -> Result
  ) throws -> Result {
    try write(holding: try WriterLock.take(fileSystem, layout), body)
  }

  /// Runs `body` as the store's one writer, once there is no other.
  ///
  /// - Parameter waiting: is called now and then while there is one, and may throw.
  func withWriter<Result>(
    waiting: () throws -> Void, _ body: (StoreWriter) throws -> Result
  ) throws -> Result {
    while true {
      if let lock = try fileSystem.lock(layout.lock, .exclusive) {
        try WriterLock.sign(lock, fileSystem)
        return try write(holding: lock, body)
      }
      try waiting()
      pause(milliseconds: 20)
    }
  }

  private func write<Result>(
    holding lock: any FileLock, _ body: (StoreWriter) throws -> Result
  ) throws -> Result {
    let writer = try StoreWriter(store: self, lock: lock)
    defer { writer.close() }
    return try body(writer)
  }
}

/// The one who may change a store, for as long as ``Store/withWriter(_:)`` runs.
///
/// Not thread-safe.
public final class StoreWriter {
  let store: Store
  /// The state after the last commit.
  private(set) var catalogue: Catalogue
  private let lock: any FileLock
  private var failure: HindcastError?
  private var appenders: [Appender] = []
  /// The log that commits go to; without one each gets a file of its own.
  private var logWriter: LogWriter?
  /// An empty log that tells another writer, if there is one in spite of the lock, that the log
  /// before it is closed.
  private var mark: LogWriter?

  var fileSystem: any FileSystem { store.fileSystem }
  var layout: StoreLayout { store.layout }

  init(store: Store, lock: any FileLock) throws(HindcastError) {
    self.store = store
    self.lock = lock
    catalogue = try store.latest()
    let latest = catalogue.number
    try store.fileSystem.createMissingFolders(store.layout)
    if latest == 1 {
      // Whoever created the store may have died before it did this.
      try store.fileSystem.synchronizeDirectory(store.layout.root)
      try store.fileSystem.synchronizeDirectory(store.layout.parent)
    }
    // The last commit's writer may have died before it did this; from here on we build on it.
    try store.fileSystem.synchronizeDirectory(store.layout.commits)
    if try store.fileSystem.status(store.layout.logs) != nil {
      // A log that was given up must not come back with a commit that we do not build on.
      try store.fileSystem.synchronizeDirectory(store.layout.logs)
    }
    if try store.log.frames.last()?.number == latest {
      try store.log.secure(latest)
      mark = try LogWriter(firstNumber: latest + 1, log: store.log)
      guard try store.log.frames.last()?.number == latest else {
        mark?.close()
        throw Self.intruded(latest + 1, store.layout)
      }
    }
    try Leftovers(log: store.log).remove(keeping: catalogue)
  }

  /// The groups as they are now.
  public var groups: [FeatureGroup] { catalogue.liveGroups.map(\.definition) }

  /// Creates, updates, renames and drops groups, all in one commit.
  ///
  /// Returns nil, and commits nothing, if everything is as wanted already.
  /// - Throws: ``HindcastError`` that says which change is refused, and why; then nothing is
  ///   changed.
  @discardableResult
  public func apply(
    _ changes: [GroupChange], note: String = "apply"
  ) throws(HindcastError) -> CommitRecord? {
    var plan = GroupPlan(catalogue)
    for change in changes { try plan.add(change) }
    if plan.changesRows(in: catalogue) {
      try rollLog()
      plan = GroupPlan(catalogue)
      for change in changes { try plan.add(change) }
    }
    return plan.edits.isEmpty ? nil : try publish(plan.edits, note: note)
  }

  /// Starts an ingest into a group.
  ///
  /// Nothing of it shows before ``Appender/commit()``.
  /// - Throws: `not_found` with the nearest names.
  public func append(
    to group: String, options: AppendOptions = AppendOptions()
  ) throws(HindcastError) -> Appender {
    try checkUsable()
    guard let state = catalogue.group(named: group) else {
      throw Names.unknown("group", group, among: groups.map(\.name))
    }
    let appender = try Appender(writer: self, group: state, options: options)
    appenders.append(appender)
    return appender
  }

  func close() {
    for appender in appenders { appender.cancel() }
    appenders = []
    mark?.close()
    logWriter?.close()
    (mark, logWriter) = (nil, nil)
  }
}

extension StoreWriter {
  /// The commits of the open log, and their bytes; 0 without one.
  var logSize: (commits: Int, bytes: Int) {
    (logWriter?.commitCount ?? 0, logWriter?.byteCount ?? 0)
  }

  /// Starts a new log, to which the commits go from here on.
  func openLog(_ space: LogSpace = LogSpace()) throws(HindcastError) {
    try checkUsable()
    let number = catalogue.number + 1
    guard logWriter?.firstNumber != number else { return }
    if let mark, mark.firstNumber == number {
      mark.space = space
      logWriter = mark
      self.mark = nil
      return
    }
    let next = try LogWriter(firstNumber: number, log: store.log, space: space)
    logWriter?.close()
    logWriter = next
  }

  /// Brings all rows of the log into segments.
  ///
  /// Returns nil, and commits nothing, if there are none.
  @discardableResult
  public func rollLog() throws(HindcastError) -> CommitRecord? {
    let roll = LogRoll(store: store) { [self] in poison($0) }
    let edits = try roll.write(catalogue)
    return edits.isEmpty ? nil : try publish(edits, note: "roll")
  }

  /// Remembers a failure after which no one knows what the disk holds.
  func poison(_ error: HindcastError) { failure = failure ?? error }

  /// Whether no one knows what the disk holds.
  var isPoisoned: Bool { failure != nil }

  /// - Throws: `poisoned` if an earlier failure left it open what is on the disk.
  func checkUsable() throws(HindcastError) {
    guard let failure else { return }
    throw HindcastError(
      .poisoned,
      "an earlier write failed, so that this writer can't know what the disk holds: open the store "
        + "again (\(failure.description))",
      cause: failure)
  }

  /// Runs something after whose failure no one knows what the disk holds.
  func poisoning<Result>(
    _ body: () throws(HindcastError) -> Result
  ) throws(HindcastError) -> Result {
    do {
      return try body()
    } catch {
      poison(error)
      throw error
    }
  }

  /// Publishes the next commit.
  ///
  /// The segments that it names, and their folder, are durable already.
  ///
  /// - Throws: `busy` if another writer took the number although the lock is held here (someone
  ///   removed the lock by hand); nothing is changed then.
  @discardableResult
  func publish(_ edits: [Edit], note: String) throws(HindcastError) -> CommitRecord {
    try checkUsable()
    let number = catalogue.number + 1
    guard lock.isCurrent else { throw Self.intruded(number, layout) }
    let bytes = Commit.encode(
      number: number, time: max(fileSystem.now(), catalogue.time),
      previousChecksum: catalogue.checksum,
      storeID: store.log.storeID, note: note, edits: edits)
    let place = logWriter.map {
      LogPlace(log: $0.firstNumber, offset: $0.byteCount, byteCount: bytes.count)
    }
    let commit = try Commit(
      bytes[...], number: number, storeID: store.log.storeID, file: layout.commit(number),
      place: place)
    var next = catalogue
    try next.apply(commit, file: store.log.path(of: commit))
    if let logWriter {
      try poisoning { () throws(HindcastError) in try logWriter.append(bytes, number: number) }
    } else {
      try link(bytes, number)
    }
    let record = CommitRecord(commit, before: catalogue)
    catalogue = next
    store.remember(next)
    if logWriter == nil { writeCheckpoint() }
    return record
  }

  private func link(_ bytes: [UInt8], _ number: UInt64) throws(HindcastError) {
    let temporary = layout.temporary + "/commit-" + StoreLayout.name(number)
    // Whatever goes wrong, the file is of no use any more, and the next writer looks again.
    defer { try? fileSystem.removeFile(temporary) }
    let file = try fileSystem.createFile(temporary)
    try file.append(Buffer(bytes).bytes)
    try poisoning { () throws(HindcastError) in try file.synchronize() }
    try file.close()
    do {
      try fileSystem.link(temporary, to: layout.commit(number))
    } catch {
      if error.code == .alreadyExists { throw Self.intruded(number, layout) }
      poison(error)
      throw error
    }
    try poisoning { () throws(HindcastError) in
      try fileSystem.synchronizeDirectory(layout.commits)
    }
  }

  static func intruded(_ number: UInt64, _ layout: StoreLayout) -> HindcastError {
    HindcastError(
      .busy,
      "another writer is at work although the lock is held here (was the file 'lock' removed?): "
        + "nothing was changed by this commit (\(number)); try again",
      at: .init(file: layout.root))
  }

  /// A checkpoint only saves reading: a failure to write one is no failure of the commit, which is
  /// durable already.
  private func writeCheckpoint() {
    guard catalogue.number.isMultiple(of: CommitLog.checkpointInterval) else { return }
    do {
      try store.log.writeCheckpoint(catalogue)
    } catch {
      poison(error)
    }
  }
}

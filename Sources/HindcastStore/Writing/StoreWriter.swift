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
    let lock = try WriterLock.take(fileSystem, layout)
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
  private var poison: HindcastError?
  private var appenders: [Appender] = []

  var fileSystem: any FileSystem { store.fileSystem }
  var layout: StoreLayout { store.layout }

  init(store: Store, lock: any FileLock) throws(HindcastError) {
    self.store = store
    self.lock = lock
    catalogue = try store.latest()
    // The last commit's writer may have died before it did this; from here on we build on it.
    try store.fileSystem.synchronizeDirectory(store.layout.commits)
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
  }
}

extension StoreWriter {
  /// Whether no one knows what the disk holds.
  var isPoisoned: Bool { poison != nil }

  /// - Throws: `poisoned` if an earlier failure left it open what is on the disk.
  func checkUsable() throws(HindcastError) {
    guard let poison else { return }
    throw HindcastError(
      .poisoned,
      "an earlier write failed, so that this writer can't know what the disk holds: open the store "
        + "again (\(poison.description))",
      cause: poison)
  }

  /// Runs something after whose failure no one knows what the disk holds.
  func poisoning<Result>(
    _ body: () throws(HindcastError) -> Result
  ) throws(HindcastError) -> Result {
    do {
      return try body()
    } catch {
      poison = error
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
    guard lock.isCurrent else { throw intruded(number) }
    let bytes = Commit.encode(
      number: number, time: max(fileSystem.now(), catalogue.time),
      previousChecksum: catalogue.checksum,
      storeID: store.log.storeID, note: note, edits: edits)
    let commit = try Commit(
      bytes, number: number, storeID: store.log.storeID, file: layout.commit(number))
    var next = catalogue
    try next.apply(commit, file: layout.commit(number))
    try link(bytes, number)
    let record = CommitRecord(commit, before: catalogue)
    catalogue = next
    store.remember(next)
    writeCheckpoint()
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
      if error.code == .alreadyExists { throw intruded(number) }
      poison = error
      throw error
    }
    try poisoning { () throws(HindcastError) in
      try fileSystem.synchronizeDirectory(layout.commits)
    }
  }

  private func intruded(_ number: UInt64) -> HindcastError {
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
      try fileSystem.synchronizeDirectory(layout.checkpoints)
    } catch {
      if error.code != .alreadyExists { poison = error }
    }
  }
}

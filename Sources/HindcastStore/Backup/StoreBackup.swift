public import HindcastCore
import HindcastFormat

/// What a backup copied.
public struct BackupReport: Hashable, Sendable {
  /// The snapshot that was copied.
  public var snapshot: UInt64 = 0
  /// Commits copied.
  public var commitCount = 0
  /// Segments copied.
  public var segmentCount = 0
  /// Rows in them, and in the log.
  public var rowCount = 0
  /// Bytes of the segments, and of the logs as they were copied.
  public var byteCount = 0
  /// The copy's own commit behind the snapshot, by which it names snapshots and gives them up as
  /// the store has done since; nil if it has not.
  public var retentionCommit: UInt64?
}

extension Store {
  /// Copies a snapshot, and those before it that are kept, into a new folder: a store of its own
  /// whose latest rows are that snapshot's.
  ///
  /// Where the store has named or given up some of them since, a last commit of the copy does so.
  ///
  /// Writers may go on meanwhile: the snapshot is pinned, and nothing of the store is changed.
  /// `hindcast.store` is written last, so that a copy which was not finished is no store.
  /// - Parameter progress: hears of bytes of segments, done and in all.
  /// - Throws: `invalid_argument` if the folder is the store's or lies in it; `not_found` if there
  ///   is no such snapshot; `already_exists` if the folder is not empty; `corrupt` or `not_found`
  ///   with the name of a file that can't be copied whole; `io`.
  public func backup(
    _ selector: SnapshotSelector = .latest, to path: String,
    progress: (_ done: Int, _ total: Int) -> Void = { _, _ in }
  ) throws(HindcastError) -> BackupReport {
    try checkOutside(path)
    let snapshot = try snapshot(selector)
    defer { withExtendedLifetime(snapshot) {} }
    let catalogue = try catalogue(at: snapshot.number)
    let latest = try latest()
    guard catalogue.erasureCount == latest.erasureCount else {
      throw HindcastError(
        .expired,
        "records were erased after snapshot \(snapshot.number), which would need them in a copy: "
          + "copy a later one", at: .init(file: self.path))
    }
    var backup = try StoreBackup(
      store: self, catalogue: catalogue, latest: latest.retention,
      target: StoreLayout(root: Self.trimmed(path)))
    try backup.run(progress)
    return backup.report
  }

  /// - Throws: `invalid_argument` if a path is that of the store's folder or below it.
  private func checkOutside(_ path: String) throws(HindcastError) {
    let target = StoreLayout(root: Self.trimmed(path))
    guard let own = try fileSystem.resolve(layout.root) else { return }
    // A folder that is not there yet lies where the one above it does.
    var place = try fileSystem.resolve(target.root)
    if place == nil { place = try fileSystem.resolve(target.parent) }
    guard let place, place == own || place.hasPrefix(own + "/") else { return }
    throw HindcastError(
      .invalidArgument,
      "this folder lies in the store that is copied (\(own)): name one outside of it",
      at: .init(file: path))
  }
}

/// Copies the files of a snapshot, part by part: everything that a catalogue needs to be read
/// again.
private struct StoreBackup {
  private let store: Store
  /// What the copy holds in the end.
  private var catalogue: Catalogue
  private let target: StoreLayout
  /// The copy's last commit, if it has one of its own.
  private var ending: [UInt8]?
  private(set) var report = BackupReport()

  private var fileSystem: any FileSystem { store.fileSystem }

  /// - Parameter latest: what the store keeps now.
  init(
    store: Store, catalogue: Catalogue, latest: Retention, target: StoreLayout
  ) throws(HindcastError) {
    self.store = store
    self.catalogue = catalogue
    self.target = target
    report.snapshot = catalogue.number
    try keep(latest)
  }

  /// Names its snapshots as the store has done since, and gives up those that it has, by a commit
  /// behind the last.
  ///
  /// Names come first: a snapshot that has one stays.
  private mutating func keep(_ latest: Retention) throws(HindcastError) {
    let (number, before) = (catalogue.number + 1, catalogue.retention)
    var edits: [Edit] = []
    for (name, snapshot) in latest.names.sorted(by: { $0.key < $1.key })
    where snapshot < number && before.names[name] == nil {
      edits.append(.nameSnapshot(number: snapshot, name: name))
    }
    for name in before.names.filter({ !latest.keeps($0.value) }).keys.sorted() {
      edits.append(.forgetName(name))
    }
    let first = min(latest.firstKept, catalogue.number)
    if first > before.firstKept { edits.append(.expireSnapshots(before: first)) }
    guard !edits.isEmpty else { return }
    let bytes = Commit.encode(
      number: number, time: max(fileSystem.now(), catalogue.time),
      previousChecksum: catalogue.checksum, storeID: store.log.storeID, note: "backup",
      edits: edits)
    let path = target.commit(number)
    let commit = try Commit(bytes[...], number: number, storeID: store.log.storeID, file: path)
    try catalogue.apply(commit, file: path)
    ending = bytes
    report.retentionCommit = number
  }

  mutating func run(_ progress: (Int, Int) -> Void) throws(HindcastError) {
    try prepareFolder()
    try copySegments(progress)
    try copyCommits()
    try copyLogs()
    try copyCheckpoints()
    for folder in target.folders + [target.root] { try fileSystem.synchronizeDirectory(folder) }
    try copyDescription()
  }

  private func prepareFolder() throws(HindcastError) {
    try fileSystem.createDirectoryIfMissing(target.root)
    let names = try fileSystem.list(target.root)
    guard names.isEmpty else {
      let known = Set(target.folders.map { $0.dropFirst(target.root.count + 1) })
      let isUnfinished = names.allSatisfy { known.contains($0[...]) }
      throw HindcastError(
        .alreadyExists,
        isUnfinished
          ? "the folder holds a copy that was not finished: remove it first"
          : "the folder is not empty; a backup needs an empty one, or one that is not there yet",
        at: .init(file: target.root))
    }
    for folder in target.folders { try fileSystem.createDirectory(folder) }
  }

  /// Each is opened again where it is now, which checks its end against its commit.
  private mutating func copySegments(_ progress: (Int, Int) -> Void) throws(HindcastError) {
    let references = catalogue.groups.flatMap(\.allSegments)
    let total = references.reduce(0) { $0 + $1.byteCount }
    var done = 0
    for reference in references {
      let path = target.segment(reference.uid)
      try fileSystem.copyDurably(store.layout.segment(reference.uid), to: path) { count in
        done += count
        progress(done, total)
      }
      let file = try fileSystem.openFile(path)
      guard file.byteCount == reference.byteCount else {
        throw HindcastError(
          .corrupt,
          "the segment has \(file.byteCount) bytes, its commit says \(reference.byteCount): see "
            + "'hindcast verify'", at: .init(file: store.layout.segment(reference.uid)))
      }
      _ = try SegmentReader(file: file, expecting: reference.trailerChecksum)
      report.segmentCount += 1
      report.rowCount += reference.rowCount
      report.byteCount += reference.byteCount
    }
    for group in catalogue.groups {
      report.rowCount += group.logged.reduce(0) { $0 + $1.rowCount }
    }
  }

  private mutating func copyCommits() throws(HindcastError) {
    for number in try kept(in: store.layout.commits) {
      let bytes = try fileSystem.readAll(store.layout.commit(number))
      _ = try Commit(
        bytes[...], number: number, storeID: store.log.storeID, file: store.layout.commit(number))
      try fileSystem.writeDurably(bytes, to: target.commit(number))
      report.commitCount += 1
    }
    if let ending { try fileSystem.writeDurably(ending, to: target.commit(catalogue.number)) }
  }

  /// The numbers that files in a folder have in their names, up to the snapshot, in order.
  private func kept(in folder: String) throws(HindcastError) -> [UInt64] {
    try fileSystem.list(folder).compactMap(StoreLayout.number)
      .filter { $0 <= report.snapshot && catalogue.retention.keeps($0) }.sorted()
  }

  /// The commits of the log, up to the snapshot.
  private mutating func copyLogs() throws(HindcastError) {
    let logs = try store.log.frames.logNumbers()
    for (index, log) in logs.enumerated() where log <= report.snapshot {
      let next = index + 1 < logs.count ? logs[index + 1] : .max
      let frames = try store.log.frames.frames(of: log, below: min(next, report.snapshot + 1))
      guard !frames.isEmpty else { continue }
      let bytes = frames.flatMap(\.bytes)
      try fileSystem.writeDurably(bytes, to: target.log(log))
      report.commitCount += frames.count
      report.byteCount += bytes.count
    }
  }

  /// Those that can be read; a damaged one is not missed, but where commits before it are gone.
  private func copyCheckpoints() throws(HindcastError) {
    let retention = catalogue.retention
    for number in try kept(in: store.layout.checkpoints) {
      do throws(HindcastError) {
        _ = try store.log.readCheckpoint(number)
      } catch {
        let isNeeded =
          retention.namedBefore.contains(number) || number == retention.firstKept && number > 1
        guard !isNeeded, error.code != .io else { throw error }
        continue
      }
      let bytes = try fileSystem.readAll(store.layout.checkpoint(number))
      try fileSystem.writeDurably(bytes, to: target.checkpoint(number))
    }
  }

  private func copyDescription() throws(HindcastError) {
    let bytes = try fileSystem.readAll(store.layout.description, limit: 1 << 16)
    let temporary = target.temporary + "/backup"
    try fileSystem.writeDurably(bytes, to: temporary)
    try fileSystem.link(temporary, to: target.description)
    try fileSystem.synchronizeDirectory(target.root)
    try fileSystem.removeFile(temporary)
    try fileSystem.synchronizeDirectory(target.parent)
  }
}

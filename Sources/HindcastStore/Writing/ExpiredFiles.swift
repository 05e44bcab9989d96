import HindcastCore
import HindcastFormat

/// Commits, logs and checkpoints of snapshots that are not kept any more.
struct ExpiredFiles {
  let log: CommitLog

  /// Expired snapshots that readers still use, and what has to stay for them.
  struct Pinned {
    var numbers: [UInt64] = []
    var segments: Set<SegmentUID> = []
    var logs: Set<UInt64> = []
  }

  /// A file of expired commits.
  struct CommitFile {
    let path: String
    /// The last expired commit in it.
    let number: UInt64
    /// The number in its name, if it is a log.
    let log: UInt64?
    /// Whether it holds kept snapshots, or rows of them, too.
    var stays = false
  }

  private var fileSystem: any FileSystem { log.fileSystem }
  private var layout: StoreLayout { log.layout }

  /// Removes them, except what readers pin; whoever comes later goes on where this stops.
  ///
  /// The commit that expired them is durable. From the last one down, so that until a pinned one
  /// has a checkpoint of its own, all commits before it are there.
  func remove(keeping catalogue: Catalogue) throws(HindcastError) -> Pinned {
    var pinned = Pinned()
    let files = try commits(catalogue)
    let staying = try stayingLogs(catalogue, going: Set(files.compactMap(\.log)))
    for file in (files + staying).sorted(by: { $0.number > $1.number }) {
      if let log = file.log, pinned.logs.contains(log) { continue }
      guard let lock = try fileSystem.lock(file.path, .exclusive) else {
        try pin(file, catalogue, &pinned)
        continue
      }
      if file.stays { continue }
      try fileSystem.removeFile(file.path)
      withExtendedLifetime(lock) {}
    }
    pinned.numbers.reverse()
    for number in try checkpoints(catalogue) where !pinned.numbers.contains(number) {
      try fileSystem.removeFile(layout.checkpoint(number))
    }
    return pinned
  }

  /// Keeps what an expired snapshot needs, and all of its log.
  private func pin(
    _ file: CommitFile, _ catalogue: Catalogue, _ pinned: inout Pinned
  ) throws(HindcastError) {
    do {
      try log.ensureCheckpoint(file.number)
    } catch {
      // The lock on a log may be that of a reader of a kept snapshot in it. What is gone by now
      // nobody pinned when it went, and nobody can have pinned since.
      guard file.stays, error.code == .corrupt else { throw error }
      return
    }
    let state = try log.catalogue(at: file.number)
    pinned.numbers.append(file.number)
    pinned.segments.formUnion(state.neededSegments)
    // What was erased since is read through substitutes.
    for group in state.groups {
      let resolved = catalogue.group(id: group.id)?.resolved(group.segments)
      pinned.segments.formUnion(resolved?.segments.map(\.uid) ?? [])
    }
    pinned.logs.formUnion(state.neededLogs)
  }

  /// The log files with rows that a kept snapshot has in no segment.
  ///
  /// Those of the first kept one, and what came later, are all that any later one can have.
  private func logs(neededBy catalogue: Catalogue) throws(HindcastError) -> Set<UInt64> {
    var needed = catalogue.neededLogs
    for number in catalogue.retention.namedBefore + [catalogue.retention.firstKept] {
      needed.formUnion(try log.catalogue(at: number).neededLogs)
    }
    return needed
  }

  /// The files of expired commits that are there and that no kept snapshot reads rows from, in
  /// order.
  func commits(_ catalogue: Catalogue) throws(HindcastError) -> [CommitFile] {
    let retention = catalogue.retention
    guard retention.firstKept > 1 else { return [] }
    var files = try expired(catalogue, in: layout.commits).map {
      CommitFile(path: layout.commit($0), number: $0, log: nil)
    }
    let logs = try log.frames.logNumbers()
    for (index, first) in logs.enumerated() where first < retention.firstKept {
      let next = index + 1 < logs.count ? logs[index + 1] : .max
      let frames = try log.frames.frames(of: first, below: next)
      guard let last = frames.last?.number, last < retention.firstKept,
        !retention.namedBefore.contains(where: { number in
          frames.contains { $0.number == number }
        })
      else { continue }
      files.append(CommitFile(path: layout.log(first), number: last, log: first))
    }
    guard files.contains(where: { $0.log != nil }) else { return files }
    let needed = try self.logs(neededBy: catalogue)
    return files.filter { file in file.log.map { !needed.contains($0) } ?? true }
      .sorted { $0.number < $1.number }
  }

  /// The log files that hold expired commits, but do not go: a reader that pins one of these
  /// snapshots needs its segments all the same.
  private func stayingLogs(
    _ catalogue: Catalogue, going: Set<UInt64>
  ) throws(HindcastError) -> [CommitFile] {
    let firstKept = catalogue.retention.firstKept
    var files: [CommitFile] = []
    let logs = try log.frames.logNumbers()
    for (index, first) in logs.enumerated() where first < firstKept && !going.contains(first) {
      let next = index + 1 < logs.count ? logs[index + 1] : .max
      let frames = try log.frames.frames(of: first, below: min(next, firstKept))
      guard let last = frames.last?.number else { continue }
      files.append(CommitFile(path: layout.log(first), number: last, log: first, stays: true))
    }
    return files
  }

  /// The checkpoints of expired commits that are there, in order.
  func checkpoints(_ catalogue: Catalogue) throws(HindcastError) -> [UInt64] {
    try expired(catalogue, in: layout.checkpoints)
  }

  private func expired(
    _ catalogue: Catalogue, in folder: String
  ) throws(HindcastError) -> [UInt64] {
    let retention = catalogue.retention
    guard retention.firstKept > 1 else { return [] }
    let named = Set(retention.namedBefore)
    return try fileSystem.list(folder).compactMap(StoreLayout.number)
      .filter { $0 < retention.firstKept && !named.contains($0) }.sorted()
  }
}

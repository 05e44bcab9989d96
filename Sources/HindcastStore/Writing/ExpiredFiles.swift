import HindcastCore
import HindcastFormat

/// Commits, logs and checkpoints of snapshots that are not kept any more.
struct ExpiredFiles {
  let log: CommitLog

  /// Expired snapshots that readers still use, and what has to stay for them.
  struct Pinned {
    var numbers: [UInt64] = []
    /// Those whose checkpoints have to stay.
    var bases: Set<UInt64> = []
    var segments: Set<SegmentUID> = []
    var logs: Set<UInt64> = []

    /// Keeps what a snapshot needs, some of whose records may have been erased by now.
    mutating func add(_ snapshot: Catalogue, asOf latest: Catalogue) {
      segments.formUnion(snapshot.neededSegments)
      for group in snapshot.groups {
        let resolved = latest.group(id: group.id)?.resolved(group.segments)
        segments.formUnion(resolved?.segments.map(\.uid) ?? [])
      }
      logs.formUnion(snapshot.neededLogs)
    }
  }

  /// A file with expired commits.
  struct CommitFile {
    let path: String
    /// The expired commits in it, in order.
    let numbers: [UInt64]
    /// The number in its name, if it is a log.
    let log: UInt64?
    /// Whether a kept snapshot needs it all the same.
    let isKept: Bool
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
    for file in files.reversed() {
      guard let lock = try fileSystem.lock(file.path, .exclusive) else {
        try pin(file, catalogue, &pinned)
        continue
      }
      defer { withExtendedLifetime(lock) {} }
      let isNeeded = file.isKept || file.log.map { pinned.logs.contains($0) } ?? false
      if !isNeeded { try fileSystem.removeFile(file.path) }
    }
    pinned.numbers.reverse()
    for number in try checkpoints(catalogue) where !pinned.bases.contains(number) {
      try fileSystem.removeFile(layout.checkpoint(number))
    }
    return pinned
  }

  /// Keeps what readers of a file's commits need, whichever of them they hold.
  private func pin(
    _ file: CommitFile, _ catalogue: Catalogue, _ pinned: inout Pinned
  ) throws(HindcastError) {
    var state: Catalogue?
    var failure: HindcastError?
    for number in file.numbers {
      do throws(HindcastError) {
        let next = try log.catalogue(at: number, from: state)
        if state == nil {
          try log.ensureCheckpoint(number)
          pinned.bases.insert(number)
        }
        state = next
        pinned.add(next, asOf: catalogue)
      } catch {
        // Of a log, snapshots that were given up before are not known any more, nor held.
        guard error.code == .corrupt else { throw error }
        failure = error
      }
    }
    guard state != nil else {
      // Then it is a kept snapshot of the log that a reader holds.
      if file.isKept { return }
      throw failure ?? HindcastError(.corrupt, "a file without commits", at: .init(file: file.path))
    }
    pinned.numbers.append(file.numbers[file.numbers.count - 1])
  }

  /// The log files with rows that a kept snapshot has in no segment.
  ///
  /// Those of the first kept one, and what came later, are all that any later one can have. All
  /// logs, if a snapshot is damaged, so that no one can tell what it needs.
  private func logs(neededBy catalogue: Catalogue) throws(HindcastError) -> Set<UInt64> {
    var needed = catalogue.neededLogs
    for number in catalogue.retention.namedBefore + [catalogue.retention.firstKept] {
      do throws(HindcastError) {
        needed.formUnion(try log.catalogue(at: number).neededLogs)
      } catch {
        guard error.code == .corrupt else { throw error }
        needed.formUnion(try log.frames.logNumbers())
      }
    }
    return needed
  }

  /// The files with expired commits that are there, in order.
  func commits(_ catalogue: Catalogue) throws(HindcastError) -> [CommitFile] {
    let retention = catalogue.retention
    guard retention.firstKept > 1 else { return [] }
    var files = try expired(catalogue, in: layout.commits).map {
      CommitFile(path: layout.commit($0), numbers: [$0], log: nil, isKept: false)
    }
    let logs = try log.frames.logNumbers()
    guard logs.contains(where: { $0 < retention.firstKept }) else { return files }
    let needed = try self.logs(neededBy: catalogue)
    for (index, first) in logs.enumerated() where first < retention.firstKept {
      let next = index + 1 < logs.count ? logs[index + 1] : .max
      let all = try log.frames.frames(of: first, below: next).map(\.number)
      let numbers = all.filter {
        $0 < retention.firstKept && !retention.namedBefore.contains($0)
      }
      guard !numbers.isEmpty else { continue }
      files.append(
        CommitFile(
          path: layout.log(first), numbers: numbers, log: first,
          isKept: numbers.count < all.count || needed.contains(first)))
    }
    return files.sorted { $0.numbers[$0.numbers.count - 1] < $1.numbers[$1.numbers.count - 1] }
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
    return try fileSystem.listIfThere(folder).compactMap(StoreLayout.number)
      .filter { $0 < retention.firstKept && !named.contains($0) }.sorted()
  }
}

import HindcastCore
import HindcastFormat

/// Commits and checkpoints of snapshots that are not kept any more.
struct ExpiredFiles {
  let log: CommitLog

  /// Expired snapshots that readers still use, and what has to stay for them.
  struct Pinned {
    var numbers: [UInt64] = []
    var segments: Set<SegmentUID> = []
  }

  private var fileSystem: any FileSystem { log.fileSystem }
  private var layout: StoreLayout { log.layout }

  /// Removes them, except what readers pin; whoever comes later goes on where this stops.
  ///
  /// The commit that expired them is durable. From the last one down, so that until a pinned one
  /// has a checkpoint of its own, all commits before it are there.
  func remove(keeping catalogue: Catalogue) throws(HindcastError) -> Pinned {
    var pinned = Pinned()
    for number in try commits(catalogue).reversed() {
      guard let lock = try fileSystem.lock(layout.commit(number), .exclusive) else {
        try log.ensureCheckpoint(number)
        pinned.numbers.append(number)
        pinned.segments.formUnion(try log.catalogue(at: number).neededSegments)
        continue
      }
      try fileSystem.removeFile(layout.commit(number))
      withExtendedLifetime(lock) {}
    }
    pinned.numbers.reverse()
    for number in try checkpoints(catalogue) where !pinned.numbers.contains(number) {
      try fileSystem.removeFile(layout.checkpoint(number))
    }
    return pinned
  }

  /// The expired commits that are there, in order.
  func commits(_ catalogue: Catalogue) throws(HindcastError) -> [UInt64] {
    try expired(catalogue, in: layout.commits)
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

import HindcastCore
import HindcastFormat

/// What a process that crashed leaves behind: temporary files, files of expired snapshots, and
/// segments that no commit names.
struct Leftovers {
  let log: CommitLog

  private var fileSystem: any FileSystem { log.fileSystem }
  private var layout: StoreLayout { log.layout }

  /// Removes them.
  ///
  /// Only whoever holds the writer lock may: another writer's segment is named by no commit either
  /// until it commits. What a rewriting has under way stays.
  func remove(keeping catalogue: Catalogue) throws(HindcastError) {
    let names = try fileSystem.listIfThere(layout.temporary)
    for name in names where !name.hasPrefix(StoreLayout.rewritingPrefix) {
      try fileSystem.removeFile(layout.temporary + "/" + name)
    }
    if names.contains(where: { $0.hasPrefix(StoreLayout.rewritingPrefix) }),
      let lock = try fileSystem.lock(layout.rewriting, .exclusive)
    {
      try removeRewritten()
      withExtendedLifetime(lock) {}
    }
    _ = try ErasedFiles(log: log).remove(catalogue)
    let pinned = try ExpiredFiles(log: log).remove(keeping: catalogue)
    for name in try orphans(catalogue, pinned: pinned.segments) {
      try fileSystem.removeFile(layout.segments + "/" + name)
    }
  }

  /// Removes what a rewriting left.
  ///
  /// Only whoever holds the rewriting lock may.
  func removeRewritten() throws(HindcastError) {
    for name in try fileSystem.listIfThere(layout.temporary)
    where name.hasPrefix(StoreLayout.rewritingPrefix) {
      try fileSystem.removeFile(layout.temporary + "/" + name)
    }
  }

  /// The segment files that neither a kept snapshot nor a pinned one names.
  func orphans(
    _ catalogue: Catalogue, pinned: Set<SegmentUID> = []
  ) throws(HindcastError) -> [String] {
    let names = try fileSystem.listIfThere(layout.segments)
    guard !names.isEmpty else { return [] }
    // What is damaged is moved, never removed; what was erased goes when no reader has it open.
    let damaged = catalogue.groups.flatMap { $0.quarantined.map(\.reference.uid) }
    let erased = catalogue.groups.flatMap { $0.erased.map(\.uid) }
    let known = Set(
      catalogue.neededSegments.union(pinned).union(damaged).union(erased)
        .map(StoreLayout.segmentName))
    return names.filter { $0.hasSuffix(".hseg") && !known.contains($0) }
  }
}

import HindcastCore
import HindcastFormat

/// What a writer that crashed leaves behind: temporary files, files of expired snapshots, and
/// segments that no commit names.
struct Leftovers {
  let log: CommitLog

  private var fileSystem: any FileSystem { log.fileSystem }
  private var layout: StoreLayout { log.layout }

  /// Removes them.
  ///
  /// Only whoever holds the writer lock may: another writer's segment is named by no commit either
  /// until it commits.
  func remove(keeping catalogue: Catalogue) throws(HindcastError) {
    for name in try fileSystem.list(layout.temporary) {
      try fileSystem.removeFile(layout.temporary + "/" + name)
    }
    let pinned = try ExpiredFiles(log: log).remove(keeping: catalogue)
    for name in try orphans(catalogue, pinned: pinned.segments) {
      try fileSystem.removeFile(layout.segments + "/" + name)
    }
  }

  /// The segment files that neither a kept snapshot nor a pinned one names.
  func orphans(
    _ catalogue: Catalogue, pinned: Set<SegmentUID> = []
  ) throws(HindcastError) -> [String] {
    let names = try fileSystem.list(layout.segments)
    guard !names.isEmpty else { return [] }
    let known = Set(catalogue.neededSegments.union(pinned).map(StoreLayout.segmentName))
    return names.filter { $0.hasSuffix(".hseg") && !known.contains($0) }
  }
}

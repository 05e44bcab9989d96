import HindcastCore
import HindcastFormat

/// What a process that crashed leaves behind: temporary files, and segments that no commit names.
struct Leftovers {
  let fileSystem: any FileSystem
  let layout: StoreLayout

  /// Removes them.
  ///
  /// Only whoever holds the writer lock may: another writer's segment is named by no commit either
  /// until it commits. What a rewriting has under way stays.
  func remove(keeping catalogue: Catalogue) throws(HindcastError) {
    let names = try fileSystem.list(layout.temporary)
    for name in names where !name.hasPrefix(StoreLayout.rewritingPrefix) {
      try fileSystem.removeFile(layout.temporary + "/" + name)
    }
    if names.contains(where: { $0.hasPrefix(StoreLayout.rewritingPrefix) }),
      let lock = try fileSystem.lock(layout.rewriting, .exclusive)
    {
      try removeRewritten()
      withExtendedLifetime(lock) {}
    }
    for name in try orphans(catalogue) {
      try fileSystem.removeFile(layout.segments + "/" + name)
    }
  }

  /// Removes what a rewriting left.
  ///
  /// Only whoever holds the rewriting lock may.
  func removeRewritten() throws(HindcastError) {
    for name in try fileSystem.list(layout.temporary)
    where name.hasPrefix(StoreLayout.rewritingPrefix) {
      try fileSystem.removeFile(layout.temporary + "/" + name)
    }
  }

  /// The segment files that no commit names.
  func orphans(_ catalogue: Catalogue) throws(HindcastError) -> [String] {
    let names = try fileSystem.list(layout.segments)
    guard !names.isEmpty else { return [] }
    var known: Set<String> = []
    for group in catalogue.groups {
      for segment in group.allSegments { known.insert(StoreLayout.segmentName(segment.uid)) }
      // What is damaged is moved, never removed.
      for segment in group.quarantined {
        known.insert(StoreLayout.segmentName(segment.reference.uid))
      }
    }
    return names.filter { $0.hasSuffix(".hseg") && !known.contains($0) }
  }
}

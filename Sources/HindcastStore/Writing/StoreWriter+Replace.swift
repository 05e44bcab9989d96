import HindcastCore
import HindcastFormat

extension StoreWriter {
  /// Publishes segments that a ``Rewriter`` made, in one commit with other edits.
  ///
  /// Returns nil, and commits nothing, if the group is gone or its segments are no longer those
  /// that were rewritten. The temporary files are gone afterwards either way.
  /// - Throws: ``HindcastError``; nothing is changed then, unless the failure was in making the
  ///   commit itself durable.
  func replace(
    _ replacements: [Replacement], with edits: [Edit] = [], note: String
  ) throws(HindcastError) -> CommitRecord? {
    guard isCurrent(replacements) else {
      store.discard(replacements)
      return nil
    }
    return try publishRewritten(
      replacements.flatMap(\.added).map(\.uid),
      edits + replacements.map { .replaceSegments($0) }, note: note)
  }

  /// Gives rewritten segments their names, and publishes the edits that name them.
  ///
  /// The temporary files are gone afterwards either way.
  /// - Throws: as ``replace(_:with:note:)``.
  func publishRewritten(
    _ uids: [SegmentUID], _ edits: [Edit], note: String
  ) throws(HindcastError) -> CommitRecord {
    let folder = SegmentFolder(
      fileSystem: fileSystem, path: layout.temporary, prefix: StoreLayout.rewritingPrefix)
    do {
      try checkUsable()
      for uid in uids { try fileSystem.rename(folder.file(uid), to: layout.segment(uid)) }
      try poisoning { () throws(HindcastError) in
        try fileSystem.synchronizeDirectory(layout.segments)
      }
      return try publish(edits, note: note)
    } catch {
      // After a failure to make the commit durable it may be there: then its segments must be too.
      guard !isPoisoned else { throw error }
      for path in uids.flatMap({ [folder.file($0), layout.segment($0)] }) {
        try? fileSystem.removeFile(path)
      }
      throw error
    }
  }

  private func isCurrent(_ replacements: [Replacement]) -> Bool {
    replacements.allSatisfy { replacement in
      guard let group = catalogue.group(id: replacement.groupID) else { return false }
      return group.droppedAt == nil && group.stretch(of: replacement.removed) != nil
    }
  }
}

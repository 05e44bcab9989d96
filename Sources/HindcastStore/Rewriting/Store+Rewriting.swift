import HindcastCore
import HindcastFormat

extension Store {
  /// Merges segments of a group, which hold whole commits, into new ones that are not published
  /// yet.
  ///
  /// Whoever calls it holds the rewriting lock.
  func merge(
    _ inputs: [StoredSegment], of group: GroupSnapshot, horizon: Int64?,
    _ options: RewriteOptions,
    _ progress: @escaping (CompactionProgress) throws(HindcastError) -> Void
  ) throws(HindcastError) -> Replacement {
    let references = inputs.map(\.reference)
    let rowCount = references.reduce(0) { $0 + $1.rowCount }
    var readers: [SegmentReader] = []
    for input in inputs { readers.append(try input.reader()) }
    let commits =
      references[0].commits.lowerBound...references[references.count - 1].commitNumber
    let rewriter = Rewriter(
      store: self, groupID: group.identifier, schema: SegmentSchema(group.definition),
      features: group.definition.features, options: options, horizon: horizon, erased: nil
    ) { done throws(HindcastError) in try progress(.rows(done: done, of: rowCount)) }
    let added = try rewriter.rewrite(readers, covering: commits)
    return Replacement(groupID: group.identifier, removed: references.map(\.uid), added: added)
  }

  /// Publishes what was rewritten once no other writer holds the store.
  ///
  /// Returns nil, and commits nothing, if the group or its segments changed meanwhile.
  func publishWhenFree(
    _ replacements: [Replacement], with edits: [Edit] = [], note: String,
    waiting: () throws(HindcastError) -> Void
  ) throws(HindcastError) -> CommitRecord? {
    do {
      return try withWriter(waiting: waiting) { writer in
        try writer.replace(replacements, with: edits, note: note)
      }
    } catch {
      discard(replacements)
      throw error as? HindcastError ?? HindcastError(.io, "\(error)", cause: error)
    }
  }

  /// Removes what was rewritten and is not published.
  func discard(_ replacements: [Replacement]) {
    let folder = SegmentFolder(
      fileSystem: fileSystem, path: layout.temporary, prefix: StoreLayout.rewritingPrefix)
    for reference in replacements.flatMap(\.added) {
      try? fileSystem.removeFile(folder.file(reference.uid))
    }
  }

  /// Brings the rows of the log into segments, when no one else writes, if a group has any.
  func rollLog(
    of name: String, _ progress: (CompactionProgress) throws(HindcastError) -> Void
  ) throws(HindcastError) {
    guard try snapshot().group(named: name).hasLoggedRows else { return }
    do {
      try withWriter(
        waiting: { () throws(HindcastError) in try progress(.waitingForWriter) },
        { writer in _ = try writer.rollLog() })
    } catch {
      throw error as? HindcastError ?? HindcastError(.io, "\(error)", cause: error)
    }
  }

}

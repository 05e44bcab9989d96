import HindcastCore

/// The lock of whoever rewrites segments: one process at a time, beside the writer.
///
/// While it is held, nobody but its holder touches the temporary files of rewritings.
enum RewritingLock {
  /// Takes the lock, signs it, and removes what a rewriting that died left.
  /// - Throws: `busy` with the holder's name.
  static func take(_ log: CommitLog) throws(HindcastError) -> any FileLock {
    let (fileSystem, layout) = (log.fileSystem, log.layout)
    for attempt in 0..<10 {
      // A writer that has just opened the store may look at leftovers for a moment.
      if attempt > 0 { pause(milliseconds: 10) }
      guard let lock = try fileSystem.lock(layout.rewriting, .exclusive) else { continue }
      guard lock.isCurrent else { continue }
      try WriterLock.sign(lock, fileSystem)
      try fileSystem.createMissingFolders(layout)
      try Leftovers(log: log).removeRewritten()
      return lock
    }
    throw WriterLock.busy(fileSystem, layout, rewriting: true)
  }
}

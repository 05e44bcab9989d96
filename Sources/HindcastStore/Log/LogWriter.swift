import HindcastCore
import HindcastFormat

/// A log file that commits are added to, one at a time.
///
/// A commit is durable before the next is written, so that a reader can tell one that was under way
/// when its writer died from one that was damaged later.
final class LogWriter {
  /// The number in the file's name: that of its first commit, or below.
  let firstNumber: UInt64
  private(set) var byteCount = 0
  private(set) var commitCount = 0
  /// Whether bytes may be in the file that no commit was made of.
  private var holdsFailedCommit = false
  private let fileSystem: any FileSystem
  private let layout: StoreLayout
  private let file: any WritableFile

  /// Creates the log file whose first commit has the number `firstNumber`.
  ///
  /// A log of that name that holds no commit is replaced.
  /// - Throws: `already_exists` if one that holds a commit is there.
  init(
    firstNumber: UInt64, log: CommitLog
  ) throws(HindcastError) {
    self.firstNumber = firstNumber
    fileSystem = log.fileSystem
    layout = log.layout
    let path = layout.log(firstNumber)
    try fileSystem.createDirectoryIfMissing(layout.logs)
    if try fileSystem.status(path) != nil,
      try log.frames.frames(of: firstNumber, below: .max).isEmpty
    {
      try fileSystem.removeFile(path)
    }
    file = try fileSystem.createFile(path)
    try fileSystem.synchronizeDirectory(layout.logs)
  }

  /// Adds a commit and makes it durable.
  /// - Throws: `busy` if another writer is at work; `io`, after which nothing can be added.
  func append(_ bytes: [UInt8], number: UInt64) throws(HindcastError) {
    holdsFailedCommit = true
    try file.append(Buffer(bytes).bytes)
    try file.synchronize()
    holdsFailedCommit = false
    // Another writer, if there is one in spite of the lock, has put its mark by now or sees this
    // commit: it looks for one after it has put the mark.
    var isMarked = try fileSystem.status(layout.commit(number)) != nil
    if number != firstNumber, try fileSystem.status(layout.log(number)) != nil { isMarked = true }
    guard !isMarked, file.isCurrent else { throw StoreWriter.intruded(number, layout) }
    byteCount += bytes.count
    commitCount += 1
  }

  /// Closes the file, and removes it if nothing was added.
  func close() {
    let isEmpty = commitCount == 0 && file.isCurrent
    try? file.close()
    guard isEmpty else { return }
    try? fileSystem.removeFile(layout.log(firstNumber))
    if holdsFailedCommit { try? fileSystem.synchronizeDirectory(layout.logs) }
  }
}

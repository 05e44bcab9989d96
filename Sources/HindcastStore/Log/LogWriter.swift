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
  /// How much space it sets aside.
  var space: LogSpace
  /// Where the zeros end that were set aside for commits.
  private var reservedEnd = 0
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
    firstNumber: UInt64, log: CommitLog, space: LogSpace = LogSpace()
  ) throws(HindcastError) {
    self.firstNumber = firstNumber
    self.space = space
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
    reserve(behind: bytes.count)
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

  /// Sets space aside for the next commits; they are made durable with this one.
  private func reserve(behind count: Int) {
    let end = byteCount + count
    guard end > reservedEnd, let room = space.byteCount(behind: self, commit: count) else { return }
    do throws(HindcastError) {
      try file.reserve(room)
      reservedEnd = end + room
    } catch {
      // A disk that has no room for zeros may have it for commits.
      reservedEnd = .max
    }
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

/// How much space a log sets aside for commits to come.
///
/// A disk that has to make a file longer writes down the new length as well, so that a small commit
/// becomes durable sooner in space that is there. Large ones gain nothing by it, and a stream of a
/// few commits would leave more space than rows.
package struct LogSpace: Sendable {
  /// A log sets space aside once it has so many commits.
  var leastCommits: Int
  /// At least so many bytes.
  var leastBytes: Int

  private static let mostBytes = 1 << 20
  /// Behind larger commits no space is set aside.
  private static let largestCommit = 1 << 14

  /// Creates limits.
  package init(leastCommits: Int = 64, leastBytes: Int = 1 << 16) {
    self.leastCommits = leastCommits
    self.leastBytes = leastBytes
  }

  /// The bytes that a log sets aside behind a commit; nil if none.
  func byteCount(behind log: LogWriter, commit count: Int) -> Int? {
    guard log.commitCount >= leastCommits, count <= Self.largestCommit else { return nil }
    return min(max(leastBytes, log.byteCount / 4), Self.mostBytes)
  }
}

public import HindcastCore
public import HindcastFormat

/// Everything that a store does to a disk.
///
/// Tests put a simulated disk behind it that loses what was not synchronised. Paths are those of
/// the operating system. Every method may be called from any thread.
///
/// Errors: `not_found` and `already_exists` say so; everything else the disk refuses is `io`, with
/// the path, the reason and what to do.
public protocol FileSystem: Sendable {
  /// Whether the order of the calls may differ from one run of the same work to the next.
  ///
  /// Then what can is read ahead, and written behind. A disk that fails at a given call wants the
  /// same calls each time.
  var allowsOverlap: Bool { get }
  /// Opens an existing file for reading.
  func openFile(_ path: String) throws(HindcastError) -> any ReadableFile
  /// Creates a file that does not exist yet, for writing.
  func createFile(_ path: String) throws(HindcastError) -> any WritableFile
  /// Makes the bytes of a file durable, whoever wrote them; needs no right to write it.
  func synchronizeFile(_ path: String) throws(HindcastError)
  /// Writes bytes that a file holds at `offset` already once more, and makes the file durable.
  ///
  /// After a synchronisation that failed the system may go on showing bytes that it has given up,
  /// and report success the next time: what is written anew is not among them.
  func rewriteFile(
    _ path: String, at offset: Int, _ bytes: RawSpan
  ) throws(HindcastError)
  /// Makes the entries of a directory durable: files created, linked and removed in it.
  ///
  /// Must not be tried again after a failure.
  func synchronizeDirectory(_ path: String) throws(HindcastError)
  /// Gives a file a second name, at once and without ever replacing one (`already_exists`).
  func link(_ path: String, to newPath: String) throws(HindcastError)
  /// Renames a file at once, replacing what has the name.
  func rename(_ path: String, to newPath: String) throws(HindcastError)
  /// Removes a file's name; who has it open can go on reading.
  func removeFile(_ path: String) throws(HindcastError)
  /// Creates a directory whose parent exists.
  func createDirectory(_ path: String) throws(HindcastError)
  /// The names in a directory, in no order.
  ///
  /// Entries that come or go meanwhile may be missed.
  func list(_ path: String) throws(HindcastError) -> [String]
  /// What is at `path`, nil if nothing is.
  func status(_ path: String) throws(HindcastError) -> FileStatus?
  /// The path without links; nil if nothing is there.
  func resolve(_ path: String) throws(HindcastError) -> String?
  /// Takes a lock on a file without waiting; nil if another holder is in the way.
  ///
  /// The lock is let go when the object is, or when the process ends. An exclusive lock creates the
  /// file if need be; a shared one needs no more than the right to read it.
  func lock(_ path: String, _ mode: LockMode) throws(HindcastError) -> (any FileLock)?
  /// The time of day.
  func now() -> Instant
  /// Random bits, for names that no other file has.
  func randomBits() -> UInt64
  /// The process and machine, for messages: `process 12 on host`.
  var holderName: String { get }
}

/// What is at a path.
public struct FileStatus: Hashable, Sendable {
  /// Whether it is a directory.
  public var isDirectory: Bool
  /// The size in bytes.
  public var byteCount: Int

  /// Creates a status.
  public init(isDirectory: Bool, byteCount: Int) {
    self.isDirectory = isDirectory
    self.byteCount = byteCount
  }
}

/// How a lock shares a file.
public enum LockMode: Sendable {
  /// Any number of holders at once.
  case shared
  /// One holder alone.
  case exclusive
}

/// A lock that is held for as long as the object lives.
public protocol FileLock: AnyObject, Sendable {
  /// Replaces the content of the locked file, for who finds it locked.
  func write(_ text: String) throws(HindcastError)
  /// Whether the locked file still has its name: someone may have removed it by hand.
  var isCurrent: Bool { get }
}

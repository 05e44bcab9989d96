import HindcastCore
import HindcastFormat
import Synchronization

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// A file of the operating system, read by position.
final class LocalReadableFile: ReadableFile {
  let path: String
  let byteCount: Int
  private let descriptor: Descriptor
  private let isRandom = Atomic<Bool>(false)

  init(path: String) throws(HindcastError) {
    self.path = path
    descriptor = try Descriptor(file: path, flags: O_RDONLY, attempt: "open this file")
    byteCount = Int(try descriptor.status(path).st_size)
  }

  func read(at offset: Int, into target: inout MutableRawSpan) throws(HindcastError) {
    let count = target.byteCount
    guard offset >= 0, count <= byteCount, offset <= byteCount - count else {
      throw endsEarly(offset)
    }
    try moving(count) { done throws(HindcastError) in
      let length = try systemCall("read this file", path) {
        unsafe target.withUnsafeMutableBytes { bytes in
          guard let base = bytes.baseAddress else { return 0 }
          return unsafe pread(descriptor.number, base + done, count - done, off_t(offset + done))
        }
      }
      guard length > 0 else { throw endsEarly(offset + done) }
      return length
    }
  }

  func willRead(_ bytes: Range<Int>) {
    #if os(Linux)
      // Who says what it reads next needs no guesses.
      if !isRandom.exchange(true, ordering: .relaxed) {
        _ = posix_fadvise(descriptor.number, 0, 0, POSIX_FADV_RANDOM)
      }
      _ = posix_fadvise(
        descriptor.number, off_t(bytes.lowerBound), off_t(bytes.count), POSIX_FADV_WILLNEED)
    #endif
  }

  private func endsEarly(_ offset: Int) -> HindcastError {
    HindcastError(
      .corrupt, "the file ends too early; it has \(byteCount) bytes",
      at: .init(file: path, byteOffset: offset))
  }
}

/// A new file of the operating system.
final class LocalWritableFile: WritableFile {
  let path: String
  private var descriptor: Descriptor?
  private var byteCount = 0
  /// The bytes that the disk was told to begin with.
  private var begunCount = 0

  /// The disk is given so many bytes at a time.
  private static let writebackByteCount = 16 << 20

  init(path: String) throws(HindcastError) {
    self.path = path
    descriptor = try Descriptor(
      path, flags: O_WRONLY | O_CREAT | O_EXCL, attempt: "create this file")
  }

  func append(_ bytes: RawSpan) throws(HindcastError) {
    try open().write(bytes, at: byteCount, path)
    byteCount += bytes.byteCount
  }

  func reserve(_ count: Int) throws(HindcastError) {
    try open().write(MutableBuffer(byteCount: count).freeze().bytes, at: byteCount, path)
  }

  func startWriteback() {
    guard let descriptor, byteCount - begunCount >= Self.writebackByteCount else { return }
    descriptor.startWriteback(begunCount..<byteCount)
    begunCount = byteCount
  }

  func synchronize() throws(HindcastError) {
    try open().synchronizeData(path)
  }

  var isCurrent: Bool {
    guard let descriptor else { return false }
    return descriptor.isNamed(path)
  }

  func close() throws(HindcastError) {
    descriptor = nil
  }

  private func open() throws(HindcastError) -> Descriptor {
    guard let descriptor else {
      throw HindcastError(.io, "the file is closed already", at: .init(file: path))
    }
    return descriptor
  }
}

/// An advisory lock (`flock`) on a whole file.
///
/// It belongs to the open file, not to the process, so that two users in one process exclude each
/// other as well.
final class LocalLock: FileLock {
  private let path: String
  private let descriptor: Descriptor

  private init(path: String, descriptor: Descriptor) {
    self.path = path
    self.descriptor = descriptor
  }

  static func take(_ path: String, _ mode: LockMode) throws(HindcastError) -> LocalLock? {
    let flags = mode == .exclusive ? O_RDWR | O_CREAT : O_RDONLY
    let operation = (mode == .exclusive ? LOCK_EX : LOCK_SH) | LOCK_NB
    // Someone may remove the file between opening and locking it: then the lock is on a file that
    // no one else will find, and the next round locks the one that has the name now.
    for _ in 0..<8 {
      let descriptor = try Descriptor(
        file: path, flags: flags, attempt: "open this file to lock it")
      do {
        _ = try uninterrupted { flock(descriptor.number, operation) }
      } catch {
        if error.number == EWOULDBLOCK { return nil }
        // A pin on a file system without locks (some network mounts) is given up rather than
        // refusing to read; a writer is refused.
        let hasNoLocks = error.number == ENOLCK || error.number == EOPNOTSUPP
        guard mode == .shared, hasNoLocks else {
          throw HindcastError(error, "lock this file", path)
        }
      }
      let lock = LocalLock(path: path, descriptor: descriptor)
      if lock.isCurrent { return lock }
    }
    return nil
  }

  func write(_ text: String) throws(HindcastError) {
    _ = try systemCall("write to this file", path) { ftruncate(descriptor.number, 0) }
    _ = try systemCall("write to this file", path) { lseek(descriptor.number, 0, SEEK_SET) }
    try descriptor.write(Buffer(Array(text.utf8)).bytes, path)
  }

  var isCurrent: Bool { descriptor.isNamed(path) }
}

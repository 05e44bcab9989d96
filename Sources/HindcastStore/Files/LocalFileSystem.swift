public import HindcastCore
public import HindcastFormat

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// The operating system's own files, by plain system calls.
public final class LocalFileSystem: FileSystem {
  /// Always.
  public var allowsOverlap: Bool { true }

  /// Creates a file system.
  public init() {}

  /// Opens an existing file for reading.
  public func openFile(_ path: String) throws(HindcastError) -> any ReadableFile {
    try LocalReadableFile(path: path)
  }

  /// Creates a file that does not exist yet.
  public func createFile(_ path: String) throws(HindcastError) -> any WritableFile {
    try LocalWritableFile(path: path)
  }

  /// Makes the bytes of a file durable.
  public func synchronizeFile(_ path: String) throws(HindcastError) {
    try Descriptor(file: path, flags: O_RDONLY, attempt: "open this file").synchronizeData(path)
  }

  /// Writes bytes of a file once more, and makes it durable.
  public func rewriteFile(
    _ path: String, at offset: Int, _ bytes: RawSpan
  ) throws(HindcastError) {
    let file = try Descriptor(file: path, flags: O_WRONLY, attempt: "open this file to write it")
    try file.write(bytes, at: offset, path)
    try file.synchronizeData(path)
  }

  /// Makes the entries of a directory durable.
  public func synchronizeDirectory(_ path: String) throws(HindcastError) {
    let directory = try Descriptor(
      path, flags: O_RDONLY | O_DIRECTORY, attempt: "open this folder")
    try directory.synchronize(path)
  }

  /// Gives a file a second name without replacing one.
  public func link(_ path: String, to newPath: String) throws(HindcastError) {
    _ = try systemCall("publish this file", newPath) { Self.systemLink(path, newPath) }
  }

  /// Renames a file, replacing what has the name.
  public func rename(_ path: String, to newPath: String) throws(HindcastError) {
    _ = try systemCall("rename to this path", newPath) { Self.systemRename(path, newPath) }
  }

  /// Removes a file's name.
  public func removeFile(_ path: String) throws(HindcastError) {
    _ = try systemCall("remove this file", path) { unsafe unlink(path) }
  }

  /// Creates a directory whose parent exists.
  public func createDirectory(_ path: String) throws(HindcastError) {
    _ = try systemCall("create this folder", path) { unsafe mkdir(path, 0o777) }
  }

  /// What is at `path`, nil if nothing is.
  public func status(_ path: String) throws(HindcastError) -> FileStatus? {
    var information = stat()
    do {
      _ = try uninterrupted { unsafe stat(path, &information) }
    } catch {
      if error.number == ENOENT || error.number == ENOTDIR { return nil }
      throw HindcastError(error, "look at this path", path)
    }
    return FileStatus(
      isDirectory: information.st_mode & S_IFMT == S_IFDIR, byteCount: Int(information.st_size))
  }

  /// The names in a directory.
  public func list(_ path: String) throws(HindcastError) -> [String] {
    guard let directory = unsafe opendir(path) else {
      throw HindcastError(SystemFailure(number: errno), "list this folder", path)
    }
    defer { unsafe closedir(directory) }
    var names: [String] = []
    while true {
      errno = 0
      guard let entry = unsafe readdir(directory) else { break }
      let name = unsafe withUnsafePointer(to: &entry.pointee.d_name) {
        unsafe $0.withMemoryRebound(to: CChar.self, capacity: 1) { unsafe String(cString: $0) }
      }
      if name != ".", name != ".." { names.append(name) }
    }
    guard errno == 0 else {
      throw HindcastError(SystemFailure(number: errno), "list this folder", path)
    }
    return names
  }

  /// The path without links, nil if nothing is there.
  public func resolve(_ path: String) throws(HindcastError) -> String? {
    guard let text = unsafe realpath(path, nil) else {
      if errno == ENOENT || errno == ENOTDIR { return nil }
      throw HindcastError(SystemFailure(number: errno), "look at this path", path)
    }
    defer { unsafe free(text) }
    return unsafe String(cString: text)
  }

  /// Takes a lock on a file without waiting.
  public func lock(_ path: String, _ mode: LockMode) throws(HindcastError) -> (any FileLock)? {
    try LocalLock.take(path, mode)
  }

  /// The time of day.
  public func now() -> Instant {
    var time = timespec()
    _ = unsafe clock_gettime(CLOCK_REALTIME, &time)
    return Instant(
      nanoseconds: Int128(time.tv_sec) * 1_000_000_000 + Int128(time.tv_nsec))
  }

  /// Bits from the system's random source.
  public func randomBits() -> UInt64 { .random(in: .min ... .max) }

  /// The process and machine.
  public var holderName: String {
    var name = [CChar](repeating: 0, count: 256)
    let hasName = unsafe gethostname(&name, name.count - 1) == 0
    let bytes = name.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
    let host = hasName ? String(decoding: bytes, as: UTF8.self) : "this machine"
    return "process \(getpid()) on \(host)"
  }

  // The methods above shadow the functions of the same names.
  private static func systemLink(_ path: String, _ newPath: String) -> Int32 {
    #if canImport(Glibc)
      unsafe Glibc.link(path, newPath)
    #elseif canImport(Musl)
      unsafe Musl.link(path, newPath)
    #else
      unsafe Darwin.link(path, newPath)
    #endif
  }

  private static func systemRename(_ path: String, _ newPath: String) -> Int32 {
    #if canImport(Glibc)
      unsafe Glibc.rename(path, newPath)
    #elseif canImport(Musl)
      unsafe Musl.rename(path, newPath)
    #else
      unsafe Darwin.rename(path, newPath)
    #endif
  }
}

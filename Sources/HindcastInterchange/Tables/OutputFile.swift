import CLinux
public import HindcastCore

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

extension HindcastError.Code {
  /// The reader of a pipe that was written to has gone; a command ends quietly.
  public static let closedPipe = Self("closed_pipe")
}

/// A file that appears under its name only when it is whole: written beside it, made durable,
/// renamed.
///
/// `-` is standard output, which, like any pipe or device, is written as it comes.
package struct OutputFile: ~Copyable {
  /// The name as the user gave it.
  package let path: String
  /// Where to write.
  package let descriptor: Int32
  private let place: Place
  /// The disk was told to begin with as many bytes.
  private var begunCount = 0

  private enum Place {
    /// Standard output, a pipe or a device: written as it comes.
    case stream
    /// A file without a name, which vanishes with the process unless it is published.
    case nameless
    /// A file under a temporary name, where the file system knows no nameless ones.
    case temporary(String)
  }

  /// Whether it is standard output, a pipe or a device.
  package var isStream: Bool { if case .stream = place { true } else { false } }

  /// Opens a new file, or what takes bytes under this name.
  package init(path: String) throws(HindcastError) {
    self.path = path
    guard path != "-" else {
      descriptor = STDOUT_FILENO
      place = .stream
      return
    }
    var status = stat()
    let exists = unsafe stat(path, &status) == 0
    if exists, status.st_mode & S_IFMT == S_IFDIR {
      throw HindcastError(
        .invalidArgument, "this is a directory; name a file", at: .init(file: path))
    }
    if exists, status.st_mode & S_IFMT != S_IFREG {
      descriptor = try Self.open(path, O_WRONLY, named: path)
      place = .stream
      return
    }
    if let nameless = Self.openNameless(in: Self.folder(of: path)) {
      descriptor = nameless
      place = .nameless
      return
    }
    let temporary = Self.temporaryPath(for: path)
    descriptor = try Self.open(temporary, O_WRONLY | O_CREAT | O_EXCL, named: path)
    place = .temporary(temporary)
  }

  deinit {
    if descriptor != STDOUT_FILENO { close(descriptor) }
    if case .temporary(let name) = place { unsafe unlink(name) }
  }

  /// Lets the disk begin with what was written, if that is much, so that ``synchronize()`` has
  /// little to wait for.
  package mutating func startWriteback() {
    if case .stream = place { return }
    var status = stat()
    guard unsafe fstat(descriptor, &status) == 0 else { return }
    let count = Int(status.st_size) - begunCount
    guard count >= Self.writebackByteCount else { return }
    hindcast_start_writeback(descriptor, Int64(begunCount), Int64(count))
    begunCount += count
  }

  private static let writebackByteCount = 4 << 20

  /// Makes what was written durable, not yet under its name.
  package borrowing func synchronize() throws(HindcastError) {
    if case .stream = place { return }
    guard fsync(descriptor) == 0 else { throw Self.failure("can't be written", path) }
  }

  /// Gives a file that was synchronized its name, replacing what had it.
  package consuming func publish() throws(HindcastError) {
    switch place {
    case .stream: return
    case .temporary(let name): try Self.rename(name, to: path)
    case .nameless:
      let name = Self.temporaryPath(for: path)
      let source = "/proc/self/fd/\(descriptor)"
      guard unsafe linkat(AT_FDCWD, source, AT_FDCWD, name, AT_SYMLINK_FOLLOW) == 0 else {
        throw Self.failure("can't be put in its place", path)
      }
      try Self.rename(name, to: path)
    }
  }

  private static func rename(_ name: String, to path: String) throws(HindcastError) {
    guard unsafe Glibc.rename(name, path) == 0 else {
      let error = failure("can't be put in its place", path)
      _ = unsafe unlink(name)
      throw error
    }
    let handle = unsafe Glibc.open(folder(of: path), O_RDONLY | O_DIRECTORY)
    guard handle >= 0 else { return }
    _ = fsync(handle)
    _ = close(handle)
  }

  /// A descriptor of a nameless file; nil where there are none, or the folder can't be written.
  private static func openNameless(in folder: String) -> Int32? {
    #if os(Linux)
      // O_TMPFILE; the macro is not imported.
      let nameless = 0o20_000_000 | O_DIRECTORY
      let descriptor = unsafe Glibc.open(folder, nameless | O_WRONLY | O_CLOEXEC, 0o666)
      return descriptor >= 0 ? descriptor : nil
    #else
      return nil
    #endif
  }

  private static func temporaryPath(for path: String) -> String {
    // Not made of the name, which may be as long as names can be.
    let random = String(UInt64.random(in: .min ... .max), radix: 36)
    return "\(split(path).folder).hindcast.\(random).tmp"
  }

  private static func folder(of path: String) -> String {
    let folder = split(path).folder
    return folder.isEmpty ? "." : folder
  }

  /// Writes all bytes.
  package borrowing func write(_ bytes: RawSpan) throws(HindcastError) {
    var start = 0
    while start < bytes.byteCount {
      let written = unsafe bytes.withUnsafeBytes { buffer in
        unsafe Glibc.write(
          descriptor, buffer.baseAddress?.advanced(by: start), buffer.count - start)
      }
      if written >= 0 {
        start += written
      } else if errno != EINTR {
        throw Self.failure("can't be written", path)
      }
    }
  }

  private static func open(
    _ path: String, _ flags: Int32, named name: String
  ) throws(HindcastError) -> Int32 {
    let descriptor = unsafe Glibc.open(path, flags | O_CLOEXEC, 0o666)
    guard descriptor >= 0 else { throw failure("can't be written", name) }
    return descriptor
  }

  private static func failure(_ what: String, _ path: String) -> HindcastError {
    let code = errno
    return HindcastError(
      code == EPIPE ? .closedPipe : .io, "\(what): \(systemMessage(code))", at: .init(file: path))
  }

  private static func split(_ path: String) -> (folder: String, name: String) {
    guard let slash = path.lastIndex(of: "/") else { return ("", path) }
    return (String(path[...slash]), String(path[path.index(after: slash)...]))
  }
}

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
struct OutputFile: ~Copyable {
  /// The name as the user gave it.
  let path: String
  /// Where to write.
  let descriptor: Int32
  private let temporaryPath: String?

  init(path: String) throws(HindcastError) {
    self.path = path
    guard path != "-" else {
      descriptor = STDOUT_FILENO
      temporaryPath = nil
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
      temporaryPath = nil
      return
    }
    let random = String(UInt64.random(in: .min ... .max), radix: 36)
    let (folder, name) = Self.split(path)
    let temporary = "\(folder).\(name).\(random).tmp"
    descriptor = try Self.open(temporary, O_WRONLY | O_CREAT | O_EXCL, named: path)
    temporaryPath = temporary
  }

  deinit {
    if descriptor != STDOUT_FILENO { close(descriptor) }
    if let temporaryPath { unsafe unlink(temporaryPath) }
  }

  /// Makes what was written durable and gives it its name.
  consuming func publish() throws(HindcastError) {
    guard let temporaryPath else { return }
    guard fsync(descriptor) == 0 else { throw Self.failure("can't be written", path) }
    guard unsafe rename(temporaryPath, path) == 0 else {
      throw Self.failure("can't be put in its place", path)
    }
    let folder = Self.split(path).folder
    let handle = unsafe Glibc.open(folder.isEmpty ? "." : folder, O_RDONLY | O_DIRECTORY)
    guard handle >= 0 else { return }
    _ = fsync(handle)
    _ = close(handle)
  }

  /// Writes all bytes.
  borrowing func write(_ bytes: RawSpan) throws(HindcastError) {
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

import CLinux
import HindcastCore

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// An open file descriptor, closed when its owner lets go of it.
final class Descriptor: Sendable {
  let number: Int32

  init(
    _ path: String, flags: Int32, attempt: String
  ) throws(HindcastError) {
    number = try systemCall(attempt, path) { unsafe open(path, flags | O_CLOEXEC, 0o666) }
  }

  /// Opens a regular file; anything else is refused, such as a pipe, which would never open.
  convenience init(
    file path: String, flags: Int32, attempt: String
  ) throws(HindcastError) {
    try self.init(path, flags: flags | O_NONBLOCK, attempt: attempt)
    let kind = try status(path).st_mode & S_IFMT
    if kind == S_IFDIR { throw HindcastError(SystemFailure(number: EISDIR), attempt, path) }
    guard kind == S_IFREG else {
      throw HindcastError(
        .io, "can't \(attempt): a file is needed, this is a pipe or a device",
        at: .init(file: path))
    }
  }

  deinit {
    // Whatever had to be durable was synchronised before; there is no one left to tell.
    _ = close(number)
  }

  func synchronize(_ path: String) throws(HindcastError) {
    _ = try systemCall("make this durable", path) {
      #if canImport(Darwin)
        // fsync leaves the data in the drive's cache there.
        fcntl(number, F_FULLFSYNC)
      #else
        fsync(number)
      #endif
    }
  }

  /// Makes the bytes and the length durable, not necessarily the times.
  func synchronizeData(_ path: String) throws(HindcastError) {
    #if canImport(Darwin)
      try synchronize(path)
    #else
      _ = try systemCall("make this durable", path) { fdatasync(number) }
    #endif
  }

  /// Begins to write bytes that were changed to the disk, without waiting.
  ///
  /// A failure of the disk stays for whoever makes them durable to hear of.
  func startWriteback(_ bytes: Range<Int>) {
    hindcast_start_writeback(number, Int64(bytes.lowerBound), Int64(bytes.count))
  }

  /// Size and identity of the open file.
  func status(_ path: String) throws(HindcastError) -> stat {
    var information = stat()
    _ = try systemCall("look at this file", path) { unsafe fstat(number, &information) }
    return information
  }

  /// Whether the open file has this name.
  func isNamed(_ path: String) -> Bool { unsafe hindcast_is_named(number, path) }

  func write(_ bytes: RawSpan, _ path: String) throws(HindcastError) {
    try moving(bytes.byteCount) { done throws(HindcastError) in
      let rest = bytes.extracting(done...)
      return try systemCall("write to this file", path) {
        unsafe rest.withUnsafeBytes { source in
          guard let start = source.baseAddress else { return 0 }
          return unsafe Self.systemWrite(number, start, source.count)
        }
      }
    }
  }

  /// Writes over what is at `offset`.
  func write(_ bytes: RawSpan, at offset: Int, _ path: String) throws(HindcastError) {
    try moving(bytes.byteCount) { done throws(HindcastError) in
      let rest = bytes.extracting(done...)
      return try systemCall("write to this file", path) {
        unsafe rest.withUnsafeBytes { source in
          guard let start = source.baseAddress else { return 0 }
          return unsafe pwrite(number, start, source.count, off_t(offset + done))
        }
      }
    }
  }

  private static func systemWrite(
    _ number: Int32, _ start: UnsafeRawPointer, _ count: Int
  ) -> Int {
    #if canImport(Glibc)
      unsafe Glibc.write(number, start, count)
    #elseif canImport(Musl)
      unsafe Musl.write(number, start, count)
    #else
      unsafe Darwin.write(number, start, count)
    #endif
  }
}

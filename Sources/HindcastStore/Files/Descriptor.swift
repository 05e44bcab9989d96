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

  /// Size and identity of the open file.
  func status(_ path: String) throws(HindcastError) -> stat {
    var information = stat()
    _ = try systemCall("look at this file", path) { unsafe fstat(number, &information) }
    return information
  }

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

import Hindcast
import HindcastCore

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Whoever read our output went away; the process ends quietly.
struct ClosedPipe: Error {}

/// The process's own streams: data to standard output, everything else to standard error.
enum StandardStreams {
  /// Puts something in the place of streams that the process was started without.
  ///
  /// Otherwise the next file that is opened, one of the store's perhaps, takes the number, and what
  /// is meant for the stream goes into it. Reading and writing fail as they do on a closed stream.
  static func occupy() {
    while true {
      let next = unsafe open("/dev/null", O_RDONLY | O_CLOEXEC)
      guard (0...STDERR_FILENO).contains(next) else {
        if next >= 0 { close(next) }
        return
      }
      guard next == STDIN_FILENO else { continue }
      let unreadable = unsafe open("/dev/null", O_WRONLY | O_CLOEXEC)
      dup2(unreadable, next)
      close(unreadable)
    }
  }

  /// Writes data for the user or the next program.
  static func write(_ text: String) throws {
    try write(text, to: STDOUT_FILENO)
  }

  /// Writes a message, or loses it: there is no place left to complain to.
  static func writeMessage(_ text: String) {
    try? write(text, to: STDERR_FILENO)
  }

  /// Whether messages go to a terminal that understands control codes.
  static let messagesGoToTerminal: Bool =
    isatty(STDERR_FILENO) != 0 && environment("TERM") != "dumb"

  /// Whether data goes to a terminal that may be coloured.
  static let mayColour: Bool =
    isatty(STDOUT_FILENO) != 0 && environment("TERM") != "dumb" && environment("NO_COLOR") == nil

  /// An environment variable; nil if it is not set, or empty.
  static func environment(_ name: String) -> String? {
    guard let value = unsafe getenv(name) else { return nil }
    let text = unsafe String(cString: value)
    return text.isEmpty ? nil : text
  }

  private static func write(_ text: String, to descriptor: Int32) throws {
    var rest = Array(text.utf8)[...]
    while !rest.isEmpty {
      let written = unsafe rest.withUnsafeBytes { bytes in
        unsafe systemWrite(descriptor, bytes.baseAddress, bytes.count)
      }
      if written >= 0 {
        rest = rest.dropFirst(written)
      } else if errno == EPIPE || errno == EBADF {
        // Nobody listens, or nobody ever did: what was done is done.
        throw ClosedPipe()
      } else if errno != EINTR {
        let reason = unsafe String(cString: strerror(errno))
        throw HindcastError(.io, "can't write to the output: \(reason)")
      }
    }
  }
}

@unsafe private func systemWrite(
  _ descriptor: Int32, _ bytes: UnsafeRawPointer?, _ count: Int
) -> Int {
  unsafe write(descriptor, bytes, count)
}

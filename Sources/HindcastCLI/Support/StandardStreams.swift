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

  /// Writes text for people, whose terminal it must not steer.
  static func writeText(_ text: String) throws {
    try write(text.withoutControls, to: STDOUT_FILENO)
  }

  /// Writes a message, or loses it: there is no place left to complain to.
  static func writeMessage(_ text: String) {
    try? write(text.withoutControls, to: STDERR_FILENO)
  }

  /// Writes to the terminal of messages what may steer it.
  static func draw(_ text: String) {
    try? write(text, to: STDERR_FILENO)
  }

  /// Whether messages go to a terminal that understands control codes.
  static let messagesGoToTerminal: Bool =
    isatty(STDERR_FILENO) != 0 && environment("TERM") != "dumb"

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

extension String {
  /// The text with what would steer a terminal written out, as `\u{1B}`; line ends and tabs stay.
  fileprivate var withoutControls: String {
    func steers(_ scalar: Unicode.Scalar) -> Bool {
      switch scalar.properties.generalCategory {
      case .control: scalar != "\n" && scalar != "\t"
      // Marks that turn the direction of what follows, and the like.
      case .format, .lineSeparator, .paragraphSeparator: scalar != "\u{200D}"
      default: false
      }
    }
    let isPlain = utf8.allSatisfy { (0x20..<0x7F).contains($0) || $0 == 0x0A || $0 == 0x09 }
    guard !isPlain, unicodeScalars.contains(where: steers) else { return self }
    var text = ""
    for scalar in unicodeScalars {
      if steers(scalar) {
        text += "\\u{" + String(scalar.value, radix: 16, uppercase: true) + "}"
      } else {
        text.unicodeScalars.append(scalar)
      }
    }
    return text
  }
}

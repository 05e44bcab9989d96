package import HindcastCore

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// A system call that said no.
package struct SystemFailure: Error {
  let number: Int32

  /// The operating system's own words.
  var reason: String {
    guard let text = unsafe strerror(number) else { return "error \(number)" }
    return unsafe String(cString: text)
  }
}

/// Calls until it is not interrupted by a signal.
///
/// Every raw system call goes through here.
package func uninterrupted<Result: SignedInteger>(
  _ call: () -> Result
) throws(SystemFailure) -> Result {
  while true {
    let result = call()
    if result >= 0 { return result }
    let number = errno
    if number != EINTR { throw SystemFailure(number: number) }
  }
}

/// Calls until so many bytes are moved: a call may move fewer than are left.
/// - Parameter call: is told how many were moved before; returns how many it moved.
package func moving(
  _ byteCount: Int, _ call: (Int) throws(HindcastError) -> Int
) throws(HindcastError) {
  var done = 0
  while done < byteCount { done += try call(done) }
}

/// A system call with an error for a person: what was tried on which path, why not, what to do.
func systemCall<Result: SignedInteger>(
  _ attempt: String, _ path: String, _ call: () -> Result
) throws(HindcastError) -> Result {
  do {
    return try uninterrupted(call)
  } catch {
    throw HindcastError(error, attempt, path)
  }
}

extension HindcastError {
  init(_ failure: SystemFailure, _ attempt: String, _ path: String) {
    let code: Code =
      switch failure.number {
      case ENOENT: .notFound
      case EEXIST: .alreadyExists
      default: .io
      }
    let advice = Self.advice(failure.number).map { ": \($0)" } ?? ""
    self.init(
      code, "can't \(attempt): \(failure.reason)\(advice)", at: .init(file: path), cause: failure)
  }

  private static func advice(_ number: Int32) -> String? {
    switch number {
    case ENOSPC, EDQUOT: "free some space on this disk, then run the command again"
    case EROFS: "the file system is mounted read-only; only reading works on it"
    case EACCES, EPERM: "check the permissions of this path and of the folders above it"
    case EMFILE, ENFILE: "raise the limit of open files (ulimit -n)"
    case ENOTDIR: "a part of the path is a file, not a folder"
    case EISDIR: "a file is needed, this is a folder"
    case EIO: "the device failed; look at the system's log before going on"
    default: nil
    }
  }
}

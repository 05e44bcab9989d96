import HindcastCore

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// The folder that the process was started in.
enum WorkingFolder {
  static func path() throws(HindcastError) -> String {
    guard let text = unsafe getcwd(nil, 0) else {
      throw HindcastError(.io, "the current folder is gone")
    }
    defer { unsafe free(text) }
    return unsafe String(cString: text)
  }
}

import HindcastCore
import HindcastFormat

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Keeps the bytes that are written below a rate, so that others have the disk as well.
final class Pace {
  private let bytesPerSecond: Int
  private let start = ContinuousClock.now
  private var byteCount = 0

  init(bytesPerSecond: Int) {
    self.bytesPerSecond = max(1, bytesPerSecond)
  }

  /// Counts bytes that were written, and waits until as many may have been.
  func count(_ bytes: Int) {
    byteCount += bytes
    let due = start + .seconds(Double(byteCount) / Double(bytesPerSecond))
    while true {
      let left = (due - ContinuousClock.now) / .milliseconds(1)
      if left < 1 { return }
      pause(milliseconds: min(100, Int(left)))
    }
  }
}

/// A file that is written at a pace.
final class PacedFile: WritableFile {
  private let file: any WritableFile
  private let pace: Pace

  init(_ file: any WritableFile, _ pace: Pace) {
    self.file = file
    self.pace = pace
  }

  var path: String { file.path }

  func append(_ bytes: RawSpan) throws(HindcastError) {
    try file.append(bytes)
    pace.count(bytes.byteCount)
  }

  func startWriteback() { file.startWriteback() }

  func synchronize() throws(HindcastError) { try file.synchronize() }

  var isCurrent: Bool { file.isCurrent }

  func close() throws(HindcastError) { try file.close() }
}

/// Lets others work for a while.
func pause(milliseconds: Int) {
  var time = timespec(tv_sec: milliseconds / 1_000, tv_nsec: milliseconds % 1_000 * 1_000_000)
  _ = unsafe nanosleep(&time, nil)
}

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Wall-clock time since it was made.
struct Stopwatch {
  private let start = Self.now()

  /// Nanoseconds since the start.
  var nanoseconds: Int { Self.now() - start }

  /// Seconds since the start.
  var seconds: Double { Double(nanoseconds) / 1e9 }

  private static func now(_ clock: clockid_t = CLOCK_MONOTONIC) -> Int {
    var time = timespec()
    _ = unsafe clock_gettime(clock, &time)
    return time.tv_sec * 1_000_000_000 + time.tv_nsec
  }

  /// Seconds that this process has computed since it started, on all cores together.
  static var processorSeconds: Double { Double(now(CLOCK_PROCESS_CPUTIME_ID)) / 1e9 }
}

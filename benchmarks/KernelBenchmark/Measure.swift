#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Times kernels and prints a line for each.
struct Report {
  /// Kernels whose name contains this are measured; all if it is empty.
  var filter: String
  /// The times of another build, by kernel.
  var other: [String: Double]

  /// Prints the heading.
  func start() {
    print("kernel\tns/value\tGB/s\tresult" + (other.isEmpty ? "" : "\tother ns/value\tratio"))
  }

  /// Runs `body`, which makes `count` values of `byteCount` bytes in all from its input and returns
  /// a number that depends on its result, and prints the least time.
  ///
  /// `body` must do the same work each time.
  func measure(_ name: String, count: Int, byteCount: Int, _ body: () -> UInt64) {
    guard filter.isEmpty || name.contains(filter) else { return }
    var least = UInt64.max
    var result: UInt64 = 0
    let rounds = max(1, 20_000 / max(count, 1))
    for _ in 0..<40 {
      let start = nanoseconds()
      for _ in 0..<rounds { result = body() }
      least = min(least, nanoseconds() - start)
    }
    let time = Double(least) / Double(rounds * count)
    let rate = Double(byteCount) / Double(count) / time
    var line = "\(name)\t\(rounded(time))\t\(rounded(rate))\t\(String(result, radix: 16))"
    if let before = other[name] { line += "\t\(rounded(before))\t\(rounded(time / before))" }
    print(line)
  }

  private func rounded(_ value: Double) -> Double { (value * 1000).rounded() / 1000 }
}

/// The monotonic clock.
private func nanoseconds() -> UInt64 {
  var time = timespec()
  unsafe clock_gettime(CLOCK_MONOTONIC, &time)
  return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
}

/// A hash of a kernel's result, cheap enough not to count: a few places of it.
func sample<T: FixedWidthInteger & BitwiseCopyable>(_ values: Span<T>) -> UInt64 {
  guard values.count > 0 else { return 0 }
  var hash: UInt64 = 0
  for place in 0..<8 {
    let value = values[(values.count - 1) * place / 7]
    hash = (hash ^ UInt64(truncatingIfNeeded: value)) &* 0x9E37_79B9_7F4A_7C15
    hash ^= hash >> 29
  }
  return hash
}

/// Splitmix64: the same numbers in each run.
struct Numbers: RandomNumberGenerator {
  private var state: UInt64 = 1

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }
}

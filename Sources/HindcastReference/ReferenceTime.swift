public import HindcastCore

/// The nanoseconds in one tick, so that all comparisons happen in unbounded-enough integers (T2):
/// 2^63 seconds are below 2^93 nanoseconds.
func nanosecondsPerTick(_ unit: TimeUnit) -> Int128 {
  switch unit {
  case .second: 1_000_000_000
  case .millisecond: 1_000_000
  case .microsecond: 1_000
  case .nanosecond: 1
  }
}

/// A label's time: ticks of a unit since 1970-01-01T00:00:00Z.
public struct ReferenceTime: Hashable, Sendable {
  /// The number of ticks.
  public var ticks: Int64
  /// The length of a tick.
  public var unit: TimeUnit

  /// Creates a time.
  public init(ticks: Int64, unit: TimeUnit) {
    self.ticks = ticks
    self.unit = unit
  }

  var nanoseconds: Int128 { Int128(ticks) * nanosecondsPerTick(unit) }
}

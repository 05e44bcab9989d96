/// A point in time: nanoseconds since 1970-01-01T00:00:00Z, wide enough that no arithmetic on
/// 64-bit ticks of any unit overflows.
public struct Instant: Hashable, Sendable, Comparable {
  /// Nanoseconds since 1970-01-01T00:00:00Z.
  public var nanoseconds: Int128

  /// Creates an instant from nanoseconds since 1970-01-01T00:00:00Z.
  public init(nanoseconds: Int128) {
    self.nanoseconds = nanoseconds
  }

  /// Creates an instant from ticks of a unit.
  public init(ticks: Int64, unit: TimeUnit) {
    nanoseconds = Int128(ticks) * Int128(unit.nanoseconds)
  }

  /// The ticks of `unit` at this instant; nil if there is a remainder or 64 bits are too few (T2).
  public func ticks(exactly unit: TimeUnit) -> Int64? {
    let (quotient, remainder) = nanoseconds.quotientAndRemainder(
      dividingBy: Int128(unit.nanoseconds))
    return remainder == 0 ? Int64(exactly: quotient) : nil
  }

  /// The last tick of `unit` at or before this instant, unbounded.
  public func floorTicks(_ unit: TimeUnit) -> Int128 {
    let (quotient, remainder) = nanoseconds.quotientAndRemainder(
      dividingBy: Int128(unit.nanoseconds))
    return remainder < 0 ? quotient - 1 : quotient
  }

  /// Earlier instants come first.
  public static func < (a: Instant, b: Instant) -> Bool { a.nanoseconds < b.nanoseconds }

  /// The instant `span` later.
  public static func + (instant: Instant, span: TimeSpan) -> Instant {
    Instant(nanoseconds: instant.nanoseconds + span.nanoseconds)
  }

  /// The instant `span` earlier.
  public static func - (instant: Instant, span: TimeSpan) -> Instant {
    Instant(nanoseconds: instant.nanoseconds - span.nanoseconds)
  }
}

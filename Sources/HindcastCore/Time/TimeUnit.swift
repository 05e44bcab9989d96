/// The length of a timestamp's tick.
public enum TimeUnit: Int, Hashable, Sendable, CaseIterable, Comparable {
  case second, millisecond, microsecond, nanosecond

  /// Nanoseconds in one tick.
  public var nanoseconds: Int64 {
    switch self {
    case .second: 1_000_000_000
    case .millisecond: 1_000_000
    case .microsecond: 1_000
    case .nanosecond: 1
    }
  }

  /// Coarser units come first.
  public static func < (a: TimeUnit, b: TimeUnit) -> Bool { a.rawValue < b.rawValue }
}

extension TimeUnit: CustomStringConvertible, LosslessStringConvertible {
  /// The abbreviation: `s`, `ms`, `us` or `ns`.
  public var description: String {
    switch self {
    case .second: "s"
    case .millisecond: "ms"
    case .microsecond: "us"
    case .nanosecond: "ns"
    }
  }

  /// Parses the abbreviation.
  public init?(_ description: String) {
    guard let unit = TimeUnit.allCases.first(where: { $0.description == description }) else {
      return nil
    }
    self = unit
  }
}

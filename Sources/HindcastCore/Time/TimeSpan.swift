/// A length of time: a time to live, a delay, a max age.
public struct TimeSpan: Hashable, Sendable, Comparable {
  /// The length in nanoseconds.
  public var nanoseconds: Int128

  /// Creates a span of nanoseconds.
  public init(nanoseconds: Int128) {
    self.nanoseconds = nanoseconds
  }

  /// No time at all.
  public static let zero = TimeSpan(nanoseconds: 0)

  /// Shorter spans come first.
  public static func < (a: TimeSpan, b: TimeSpan) -> Bool { a.nanoseconds < b.nanoseconds }
}

extension TimeSpan: CustomStringConvertible, LosslessStringConvertible {
  private static let units: [(name: String, nanoseconds: Int128)] = [
    ("w", 604_800_000_000_000), ("d", 86_400_000_000_000), ("h", 3_600_000_000_000),
    ("m", 60_000_000_000), ("s", 1_000_000_000), ("ms", 1_000_000), ("us", 1_000), ("ns", 1),
  ]

  /// The span in the largest unit, weeks aside, that divides it: `30d`, `90s`, `0s`.
  public var description: String {
    guard nanoseconds != 0 else { return "0s" }
    let fits = Self.units.dropFirst().first { nanoseconds % $0.nanoseconds == 0 }
    guard let (name, length) = fits else { return "\(nanoseconds)ns" }
    return "\(nanoseconds / length)\(name)"
  }

  /// The span for people, exactly: `30d 1s`, `693d 19h 2m 39.739122699s`.
  public var parts: String {
    let names = Self.units.dropFirst().prefix { $0.name != "s" }
    var rest = Int128(nanoseconds.magnitude)
    var texts: [String] = []
    for (name, length) in names where rest >= length {
      texts.append("\(rest / length)\(name)")
      rest %= length
    }
    let fraction = rest % 1_000_000_000
    if texts.isEmpty, fraction == rest { return description }
    if rest > 0 {
      let digits = String(String(1_000_000_000 + fraction).dropFirst())
      let shown = digits.reversed().drop { $0 == "0" }.reversed().map(String.init).joined()
      texts.append("\(rest / 1_000_000_000)" + (shown.isEmpty ? "s" : ".\(shown)s"))
    }
    return (nanoseconds < 0 ? "-" : "") + texts.joined(separator: " ")
  }

  /// Parses a whole number with a unit, as in `5ns 10us 250ms 90s 15m 6h 30d 2w`; `0` needs none.
  ///
  /// A minus sign is parsed, so that the caller can say why a negative span is refused.
  public init?(_ description: String) {
    if description == "0" {
      self = .zero
      return
    }
    let number = description.prefix { $0.isASCII && ($0.isNumber || $0 == "-") }
    let suffix = description.dropFirst(number.count)
    guard let count = Int64(number),
      let unit = Self.units.first(where: { $0.name == suffix })
    else { return nil }
    nanoseconds = Int128(count) * unit.nanoseconds
  }
}

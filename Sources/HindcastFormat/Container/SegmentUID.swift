/// What tells one segment from all others: 16 random bytes, printed as 32 hexadecimal digits.
public struct SegmentUID: Hashable, Sendable {
  let high: UInt64
  let low: UInt64

  /// The uid of 16 bytes in file order, given as two big-endian numbers.
  package init(high: UInt64, low: UInt64) {
    self.high = high
    self.low = low
  }

  /// A new uid from the system's random source.
  public static func random() -> SegmentUID {
    var generator = SystemRandomNumberGenerator()
    return SegmentUID(high: generator.next(), low: generator.next())
  }

  /// A uid from a seed, for files that must come out the same each time.
  public init(seed: UInt64) {
    high = (seed &+ 1) &* 0x9E37_79B9_7F4A_7C15
    low = (seed ^ 0xD1B5_4A32_D192_ED03) &* 0xBF58_476D_1CE4_E5B9
  }
}

extension SegmentUID: CustomStringConvertible, LosslessStringConvertible {
  /// The 32 digits, lower case.
  public var description: String { Self.digits(high) + Self.digits(low) }

  /// Parses 32 hexadecimal digits.
  public init?(_ description: String) {
    let digits = Array(description.utf8)
    guard digits.count == 32, digits.allSatisfy({ $0 != UInt8(ascii: "+") }),
      let high = UInt64(description.prefix(16), radix: 16),
      let low = UInt64(description.suffix(16), radix: 16)
    else { return nil }
    self.init(high: high, low: low)
  }

  private static func digits(_ word: UInt64) -> String {
    let text = String(word, radix: 16)
    return String(repeating: "0", count: 16 - text.count) + text
  }
}

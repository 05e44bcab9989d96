public import HindcastCore

extension Value: ExpressibleByIntegerLiteral, ExpressibleByStringLiteral {
  /// An integer.
  public init(integerLiteral value: Int64) { self = .integer(Int128(value)) }
  /// A text.
  public init(stringLiteral value: String) { self = .text(value) }
}

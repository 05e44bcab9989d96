/// One cell, for the places where speed does not matter: tests, the reference, JSON, messages.
///
/// Equality is bit for bit: floats are kept as their bit patterns, so that a NaN equals itself and
/// -0.0 differs from 0.0.
public indirect enum Value: Hashable, Sendable {
  case null
  case bool(Bool)
  /// Every integer type, dates (days), timestamps (ticks) and decimals (unscaled).
  case integer(Int128)
  /// A float32's bits.
  case float32(UInt32)
  /// A float64's bits.
  case float64(UInt64)
  /// utf8 and binary.
  case bytes([UInt8])
  /// Lists, sets and vectors.
  case list([Value])

  /// The value of a float32.
  public static func float(_ value: Float) -> Value { .float32(value.bitPattern) }
  /// The value of a float64.
  public static func double(_ value: Double) -> Value { .float64(value.bitPattern) }
  /// The value of a text.
  public static func text(_ value: String) -> Value { .bytes(Array(value.utf8)) }
}

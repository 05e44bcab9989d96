/// Logarithm and exponential from IEEE basic operations alone, so that a dataset is the same bits
/// on every machine, whatever its C library.
enum PortableMath {
  private static let ln2High = 0x1.62e42fefa38p-1
  private static let ln2Low = 0x1.ef35793c7673p-45

  /// The natural logarithm of a positive, normal number, to within a few units in the last place.
  static func ln(_ x: Double) -> Double {
    var exponent = Double(x.exponent)
    var mantissa = x.significand
    if mantissa > 1.414_213_562_373_095 {
      mantissa /= 2
      exponent += 1
    }
    // ln m = 2 artanh((m - 1) / (m + 1)), a series in odd powers of at most 0.172.
    let s = (mantissa - 1) / (mantissa + 1)
    let z = s * s
    var sum = 1.0 / 23
    for odd in stride(from: 21.0, through: 1, by: -2) { sum = sum * z + 1 / odd }
    return exponent * ln2High + (exponent * ln2Low + 2 * s * sum)
  }

  /// e to the power of `x`, to within a few units in the last place; 0 below -700.
  static func exp(_ x: Double) -> Double {
    guard x > -700 else { return 0 }
    let scale = (x / (ln2High + ln2Low)).rounded()
    let rest = (x - scale * ln2High) - scale * ln2Low
    var sum = 1.0
    for n in stride(from: 14.0, through: 1, by: -1) { sum = 1 + rest / n * sum }
    return Double(sign: .plus, exponent: Int(min(scale, 1_023)), significand: sum)
  }

  /// The logistic function.
  static func sigmoid(_ x: Double) -> Double { 1 / (1 + exp(-x)) }
}

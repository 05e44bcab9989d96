import HindcastCore

/// A decimal number that fits precision and scale exactly.
struct DecimalParser: CellParser {
  let precision: Int
  let scale: Int
  var filler: Int128 { 0 }

  func parse(_ text: Span<UInt8>) -> Int128? {
    guard let (unscaled, exponent) = scan(text) else { return nil }
    return rescaled(unscaled, by: exponent + scale, precision: precision)
  }

  func reason(_ text: Span<UInt8>) -> String {
    DecimalScan(text) == nil
      ? "is not a decimal number"
      : "does not fit \(DataType.decimal128(precision: precision, scale: scale)) exactly"
  }

  /// All digits as one number, and the power of ten of the last; nil if there are too many.
  private func scan(_ text: Span<UInt8>) -> (Int128, Int)? {
    guard let shape = DecimalScan(text) else { return nil }
    if shape.isExact {
      let digits = Int128(shape.digits)
      return (shape.isNegative ? -digits : digits, shape.exponent)
    }
    var digits: Int128 = 0
    var fractionCount = 0
    var isFraction = false
    var index = shape.isNegative ? 1 : 0
    while index < text.count, text[index] | 0x20 != UInt8(ascii: "e") {
      if let digit = digit(text[index]) {
        guard digits < Int128(10) * largestPower else { return nil }
        digits = digits * 10 + Int128(digit)
        if isFraction { fractionCount += 1 }
      } else {
        isFraction = true
      }
      index += 1
    }
    var exponent = -fractionCount
    if index < text.count {
      guard let power = Int32(string(text.extracting(index + 1..<text.count))) else { return nil }
      exponent += Int(power)
    }
    return (shape.isNegative ? -digits : digits, exponent)
  }
}

/// 10^36: another digit after that still fits 128 bits.
private let largestPower: Int128 = 1_000_000_000_000_000_000 * 1_000_000_000_000_000_000

/// `number` times ten to the `power`; nil if it is not whole, or has more than `precision` digits.
func rescaled(_ number: Int128, by power: Int, precision: Int) -> Int128? {
  guard number != 0 else { return 0 }
  var result = number
  if power > 0 {
    guard power <= 38 else { return nil }
    for _ in 0..<power {
      let (product, overflow) = result.multipliedReportingOverflow(by: 10)
      guard !overflow else { return nil }
      result = product
    }
  } else {
    for _ in 0..<min(-power, 40) {
      let (quotient, remainder) = result.quotientAndRemainder(dividingBy: 10)
      guard remainder == 0 else { return nil }
      result = quotient
    }
  }
  var limit: Int128 = 1
  for _ in 0..<precision { limit *= 10 }
  return result.magnitude < limit.magnitude ? result : nil
}

import HindcastCore

/// What a parser of decimal numbers needs to know of a floating-point type.
protocol ParsedFloat: BinaryFloatingPoint, BitwiseCopyable, LosslessStringConvertible {
  /// The largest integer up to which all are exact.
  static var exactIntegerLimit: UInt64 { get }
  /// The largest power of ten that is exact.
  static var exactPowerLimit: Int { get }
  /// That power of ten, 0...``exactPowerLimit``.
  static func powerOfTen(_ exponent: Int) -> Self
}

extension Double: ParsedFloat {
  static var exactIntegerLimit: UInt64 { 1 << 53 }
  static var exactPowerLimit: Int { 22 }
  static func powerOfTen(_ exponent: Int) -> Double { powersOfTen[exponent] }
}

extension Float: ParsedFloat {
  static var exactIntegerLimit: UInt64 { 1 << 24 }
  static var exactPowerLimit: Int { 10 }
  static func powerOfTen(_ exponent: Int) -> Float { Float(powersOfTen[exponent]) }
}

private let powersOfTen: InlineArray<23, Double> = [
  1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16,
  1e17, 1e18, 1e19, 1e20, 1e21, 1e22,
]

/// A decimal number, rounded to the nearest value; `nan`, `inf` and `infinity` in any case.
///
/// Numbers of few digits take one exact multiplication or division (William D. Clinger, "How to
/// Read Floating Point Numbers Accurately"); the standard library reads the others.
struct FloatParser<Output: ParsedFloat>: CellParser {
  var filler: Output { 0 }

  func parse(_ text: Span<UInt8>) -> Output? {
    guard let number = DecimalScan(text) else { return special(text) }
    if number.isExact, number.digits <= Output.exactIntegerLimit {
      let value = Output(number.digits)
      let exponent = number.exponent
      if exponent >= 0, exponent <= Output.exactPowerLimit {
        let scaled = value * Output.powerOfTen(exponent)
        return number.isNegative ? -scaled : scaled
      }
      if exponent < 0, -exponent <= Output.exactPowerLimit {
        let scaled = value / Output.powerOfTen(-exponent)
        return number.isNegative ? -scaled : scaled
      }
    }
    guard let value = Output(string(text)), value.isFinite else { return nil }
    return value
  }

  func reason(_ text: Span<UInt8>) -> String {
    DecimalScan(text) == nil ? "is not a number" : "is too large for a floating-point number"
  }

  private func special(_ text: Span<UInt8>) -> Output? {
    guard (3...9).contains(text.count) else { return nil }
    switch string(text).lowercased() {
    case "nan", "-nan": return Output.nan
    case "inf", "infinity": return Output.infinity
    case "-inf", "-infinity": return -Output.infinity
    default: return nil
    }
  }
}

/// The parts of a decimal number: `-digits.digits e exponent`, at least one digit.
struct DecimalScan {
  var isNegative = false
  /// The first 19 significant digits.
  var digits: UInt64 = 0
  /// The power of ten of the last of them.
  var exponent = 0
  /// Whether there were no more digits than fit.
  var isExact = true

  init?(_ text: Span<UInt8>) {
    var index = 0
    if text.count > 0, text[0] == UInt8(ascii: "-") {
      isNegative = true
      index = 1
    }
    var digitCount = 0
    while index < text.count, let digit = digit(text[index]) {
      take(digit, isFraction: false)
      digitCount += 1
      index += 1
    }
    if index < text.count, text[index] == UInt8(ascii: ".") {
      index += 1
      while index < text.count, let digit = digit(text[index]) {
        take(digit, isFraction: true)
        digitCount += 1
        index += 1
      }
    }
    guard digitCount > 0 else { return nil }
    guard index < text.count else { return }
    guard text[index] | 0x20 == UInt8(ascii: "e"), scanExponent(text, from: index + 1) else {
      return nil
    }
  }

  @inline(__always)
  private mutating func take(_ digit: UInt64, isFraction: Bool) {
    if digits < 1_000_000_000_000_000_000 {
      digits = digits &* 10 &+ digit
      if isFraction { exponent -= 1 }
    } else {
      if digit != 0 { isExact = false }
      if !isFraction { exponent += 1 }
    }
  }

  private mutating func scanExponent(_ text: Span<UInt8>, from start: Int) -> Bool {
    var index = start
    var isDown = false
    if index < text.count, text[index] == UInt8(ascii: "-") || text[index] == UInt8(ascii: "+") {
      isDown = text[index] == UInt8(ascii: "-")
      index += 1
    }
    guard index < text.count else { return false }
    var power = 0
    while index < text.count {
      guard let digit = digit(text[index]) else { return false }
      if power < 100_000 { power = power * 10 + Int(digit) }
      index += 1
    }
    exponent += isDown ? -power : power
    return true
  }
}

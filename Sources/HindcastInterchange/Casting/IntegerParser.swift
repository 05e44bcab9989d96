import HindcastCore

/// Digits, with `-` before them where the type is signed; no spaces, no `+`.
struct IntegerParser<Output: FixedWidthInteger & BitwiseCopyable>: CellParser {
  let type: DataType
  var filler: Output { 0 }

  func parse(_ text: Span<UInt8>) -> Output? {
    guard let (magnitude, isNegative) = scan(text), let magnitude else { return nil }
    if !isNegative { return Output(exactly: magnitude) }
    if magnitude <= UInt64(Int64.max) { return Output(exactly: -Int64(magnitude)) }
    return magnitude == UInt64(Int64.max) + 1 ? Output(exactly: Int64.min) : nil
  }

  func reason(_ text: Span<UInt8>) -> String {
    scan(text) == nil ? "is not a whole number" : "does not fit \(type)"
  }

  /// Nil if the text is no whole number; a nil magnitude if it does not fit 64 bits.
  @inline(__always)
  private func scan(_ text: Span<UInt8>) -> (magnitude: UInt64?, isNegative: Bool)? {
    let isNegative = text.count > 0 && text[0] == UInt8(ascii: "-")
    let start = isNegative ? 1 : 0
    guard text.count > start else { return nil }
    var magnitude: UInt64 = 0
    // 19 digits always fit.
    let safeEnd = min(text.count, start + 19)
    for index in start..<safeEnd {
      guard let digit = digit(text[index]) else { return nil }
      magnitude = magnitude &* 10 &+ digit
    }
    var fits = true
    for index in safeEnd..<text.count {
      guard let digit = digit(text[index]) else { return nil }
      let (tens, overflow) = magnitude.multipliedReportingOverflow(by: 10)
      let (sum, carry) = tens.addingReportingOverflow(digit)
      if overflow || carry { fits = false }
      magnitude = sum
    }
    return (fits ? magnitude : nil, isNegative)
  }
}

import HindcastCore

/// How values are written as text, in CSV cells and in JSON.
extension MutableBuffer {
  mutating func append(text: String) {
    append(contentsOf: text.utf8.span)
  }

  mutating func append(ascii: Unicode.Scalar) {
    append(UInt8(truncatingIfNeeded: ascii.value))
  }

  /// A number in decimal.
  mutating func append(decimal number: Int64) {
    append(digits: number.magnitude, isNegative: number < 0, width: 1)
  }

  /// Digits with zeros in front up to `width`, at most 20 of them.
  mutating func append(digits magnitude: UInt64, isNegative: Bool = false, width: Int) {
    if isNegative { append(ascii: "-") }
    var count = 1
    var limit: UInt64 = 10
    while count < 20, magnitude >= limit {
      count += 1
      let (next, overflow) = limit.multipliedReportingOverflow(by: 10)
      if overflow { break }
      limit = next
    }
    let length = max(count, width)
    let start = byteCount
    resize(byteCount: start + length)
    var bytes = mutableSpan(of: UInt8.self)
    var rest = magnitude
    for index in stride(from: start + length - 1, through: start, by: -1) {
      bytes[index] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest % 10)
      rest /= 10
    }
  }

  /// `YYYY-MM-DD`.
  mutating func append(date days: Int) {
    let date = CivilDate(daysSince1970: days)
    guard (0...9_999).contains(date.year) else { return append(text: date.description) }
    append(digits: UInt64(date.year), width: 4)
    append(ascii: "-")
    append(digits: UInt64(date.month), width: 2)
    append(ascii: "-")
    append(digits: UInt64(date.day), width: 2)
  }

  /// ISO 8601 in UTC, with 0, 3, 6 or 9 digits of a second as the value needs.
  mutating func append(timestamp ticks: Int64, unit: TimeUnit) {
    let perSecond = 1_000_000_000 / unit.nanoseconds
    var (seconds, rest) = ticks.quotientAndRemainder(dividingBy: perSecond)
    if rest < 0 { (seconds, rest) = (seconds - 1, rest + perSecond) }
    var (days, clock) = seconds.quotientAndRemainder(dividingBy: 86_400)
    if clock < 0 { (days, clock) = (days - 1, clock + 86_400) }
    append(date: Int(days))
    append(ascii: "T")
    append(digits: UInt64(clock / 3_600), width: 2)
    append(ascii: ":")
    append(digits: UInt64(clock / 60 % 60), width: 2)
    append(ascii: ":")
    append(digits: UInt64(clock % 60), width: 2)
    if rest != 0 {
      let nanoseconds = UInt64(rest * unit.nanoseconds)
      append(ascii: ".")
      if nanoseconds % 1_000_000 == 0 {
        append(digits: nanoseconds / 1_000_000, width: 3)
      } else if nanoseconds % 1_000 == 0 {
        append(digits: nanoseconds / 1_000, width: 6)
      } else {
        append(digits: nanoseconds, width: 9)
      }
    }
    append(ascii: "Z")
  }

  /// An unscaled number with `scale` digits after the point.
  mutating func append(unscaled number: Int128, scale: Int) {
    var digits = String(number.magnitude)
    if number < 0 { append(ascii: "-") }
    guard scale > 0 else {
      append(text: digits)
      if number != 0 { append(text: String(repeating: "0", count: -scale)) }
      return
    }
    if digits.count <= scale {
      digits = String(repeating: "0", count: scale + 1 - digits.count) + digits
    }
    append(text: String(digits.dropLast(scale)))
    append(ascii: ".")
    append(text: String(digits.suffix(scale)))
  }

  /// The standard alphabet, padded.
  mutating func append(base64 bytes: Span<UInt8>) {
    let alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8.span
    for start in stride(from: 0, to: bytes.count, by: 3) {
      let a = UInt32(bytes[start])
      let b = start + 1 < bytes.count ? UInt32(bytes[start + 1]) : 0
      let c = start + 2 < bytes.count ? UInt32(bytes[start + 2]) : 0
      let word = a << 16 | b << 8 | c
      append(alphabet[Int(word >> 18)])
      append(alphabet[Int(word >> 12 & 63)])
      append(start + 1 < bytes.count ? alphabet[Int(word >> 6 & 63)] : UInt8(ascii: "="))
      append(start + 2 < bytes.count ? alphabet[Int(word & 63)] : UInt8(ascii: "="))
    }
  }

  /// A JSON string.
  mutating func append(jsonString bytes: Span<UInt8>) {
    append(ascii: "\"")
    var start = 0
    for index in bytes.indices {
      let byte = bytes[index]
      guard byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") else {
        continue
      }
      append(contentsOf: bytes.extracting(start..<index))
      append(jsonEscapeOf: byte)
      start = index + 1
    }
    append(contentsOf: bytes.extracting(start..<bytes.count))
    append(ascii: "\"")
  }

  private mutating func append(jsonEscapeOf byte: UInt8) {
    append(ascii: "\\")
    switch byte {
    case UInt8(ascii: "\n"): append(ascii: "n")
    case UInt8(ascii: "\r"): append(ascii: "r")
    case UInt8(ascii: "\t"): append(ascii: "t")
    case UInt8(ascii: "\""), UInt8(ascii: "\\"): append(byte)
    default:
      let hex = "0123456789abcdef".utf8.span
      append(text: "u00")
      append(hex[Int(byte >> 4)])
      append(hex[Int(byte & 15)])
    }
  }
}

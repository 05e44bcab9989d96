import HindcastCore

/// ISO 8601 with an offset, a date, or an integer if its unit is stated (rule T1), without rounding
/// (rule T2).
struct TimeParser: CellParser {
  let unit: TimeUnit
  let integerUnit: TimeUnit?
  var filler: Int64 { 0 }

  func parse(_ text: Span<UInt8>) -> Int64? {
    if let time = ClockScan(text) {
      return ticks(seconds: time.seconds, nanoseconds: time.nanoseconds)
    }
    if let integerUnit, let number = IntegerParser<Int64>(type: .int64).parse(text) {
      return Instant(ticks: number, unit: integerUnit).ticks(exactly: unit)
    }
    guard let instant = try? Instant(iso8601: string(text)) else { return nil }
    return instant.ticks(exactly: unit)
  }

  func reason(_ text: Span<UInt8>) -> String {
    if let number = IntegerParser<Int64>(type: .int64).parse(text) {
      guard let integerUnit else {
        return "is an integer whose unit is not stated, or no ISO 8601 time"
      }
      let instant = Instant(ticks: number, unit: integerUnit)
      return lossReason(instant)
    }
    do throws(HindcastError) {
      return lossReason(try Instant(iso8601: string(text)))
    } catch {
      // The message repeats the text in front.
      let repeated = "time '\(string(text))' "
      let message = error.message
      return message.hasPrefix(repeated) ? String(message.dropFirst(repeated.count)) : message
    }
  }

  private func lossReason(_ instant: Instant) -> String {
    instant.nanoseconds % Int128(unit.nanoseconds) != 0
      ? "is finer than the column's unit \(unit); times are never rounded"
      : "does not fit 64 bits of the column's unit \(unit)"
  }

  @inline(__always)
  private func ticks(seconds: Int64, nanoseconds: Int64) -> Int64? {
    let (part, rest) = nanoseconds.quotientAndRemainder(dividingBy: unit.nanoseconds)
    guard rest == 0 else { return nil }
    // Exact though the product alone may overflow: a time just above the smallest one.
    let whole = Int128(seconds) * Int128(1_000_000_000 / unit.nanoseconds) + Int128(part)
    return Int64(exactly: whole)
  }
}

/// `YYYY-MM-DD`.
struct DateParser: CellParser {
  var filler: Int32 { 0 }

  func parse(_ text: Span<UInt8>) -> Int32? {
    guard text.count == 10 else { return nil }
    return ClockScan.days(text).map { Int32(truncatingIfNeeded: $0) }
  }

  func reason(_ text: Span<UInt8>) -> String { "is not a date like 2024-02-29" }
}

/// The commonest forms of ISO 8601, read without leaving the bytes: a date, or a date and
/// `HH:MM:SS[.fraction]` with `Z` or `±HH:MM`.
///
/// Other forms are left to the slow path.
struct ClockScan {
  /// Seconds since 1970-01-01T00:00:00Z.
  var seconds: Int64
  /// 0...999,999,999 on top.
  var nanoseconds: Int64 = 0

  init?(_ text: Span<UInt8>) {
    guard text.count >= 10, let days = Self.days(text) else { return nil }
    seconds = days * 86_400
    guard text.count > 10 else { return }
    guard text.count >= 20, text[10] == UInt8(ascii: "T") || text[10] == UInt8(ascii: " "),
      text[13] == UInt8(ascii: ":"), text[16] == UInt8(ascii: ":"),
      let hour = Self.two(text, 11), let minute = Self.two(text, 14),
      let second = Self.two(text, 17), hour <= 23, minute <= 59, second <= 59
    else { return nil }
    seconds += hour * 3_600 + minute * 60 + second
    var index = 19
    if text[19] == UInt8(ascii: ".") {
      guard let end = scanFraction(text) else { return nil }
      index = end
    }
    guard let offset = Self.offset(text, from: index) else { return nil }
    seconds -= offset
  }

  /// Reads the digits after the point; where they end, or nil.
  private mutating func scanFraction(_ text: Span<UInt8>) -> Int? {
    var index = 20
    var scale: Int64 = 100_000_000
    while index < text.count, let digit = digit(text[index]) {
      guard scale > 0 || digit == 0 else { return nil }
      nanoseconds += Int64(digit) * scale
      scale /= 10
      index += 1
    }
    return index > 20 ? index : nil
  }

  /// Seconds that the zone is ahead of UTC.
  private static func offset(_ text: Span<UInt8>, from start: Int) -> Int64? {
    let left = text.count - start
    if left == 1, text[start] == UInt8(ascii: "Z") { return 0 }
    guard left == 6, text[start + 3] == UInt8(ascii: ":"), let hour = two(text, start + 1),
      let minute = two(text, start + 4), hour <= 23, minute <= 59
    else { return nil }
    let seconds = hour * 3_600 + minute * 60
    switch text[start] {
    case UInt8(ascii: "+"): return seconds
    case UInt8(ascii: "-"): return -seconds
    default: return nil
    }
  }

  /// Days since 1970-01-01 of the first ten bytes; nil if they are no date.
  ///
  /// The conversion follows Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms".
  static func days(_ text: Span<UInt8>) -> Int64? {
    guard text[4] == UInt8(ascii: "-"), text[7] == UInt8(ascii: "-"),
      let century = two(text, 0), let yearOfCentury = two(text, 2), let month = two(text, 5),
      let day = two(text, 8), (1...12).contains(month), day >= 1
    else { return nil }
    let year = century * 100 + yearOfCentury
    let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
    let length = month == 2 ? (isLeap ? 29 : 28) : 30 + ((month + month >> 3) & 1)
    guard day <= length else { return nil }
    let shifted = month <= 2 ? year - 1 : year
    let era = (shifted >= 0 ? shifted : shifted - 399) / 400
    let yearOfEra = shifted - era * 400
    let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
    let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
    return era * 146_097 + dayOfEra - 719_468
  }

  @inline(__always)
  private static func two(_ text: Span<UInt8>, _ index: Int) -> Int64? {
    guard let tens = digit(text[index]), let ones = digit(text[index + 1]) else { return nil }
    return Int64(tens * 10 + ones)
  }
}

extension Instant {
  private static let nanosecondsPerDay: Int128 = 86_400_000_000_000

  /// Parses ISO 8601 by the contract's rule T1.
  ///
  /// `YYYY-MM-DD` (00:00 UTC), or a date, `T` or a space, `HH:MM[:SS[.fraction]]` and `Z`,
  /// `±HH:MM`, `±HHMM` or `±HH`. Years are 0000...9999. A time without an offset is refused, and so
  /// are second 60, 24:00 and a fraction finer than nanoseconds (unless its rest is zeros).
  /// - Throws: ``HindcastError`` (`invalid_value`) that says what is wrong.
  public init(iso8601 text: String) throws(HindcastError) {
    var cursor = TextCursor(Array(text.utf8))
    guard let date = cursor.date() else {
      throw Self.refusal(text, "is not an ISO 8601 time like 2024-02-29T13:05:00Z")
    }
    let midnight = Int128(date.daysSince1970) * Self.nanosecondsPerDay
    if cursor.isAtEnd {
      self.init(nanoseconds: midnight)
      return
    }
    guard cursor.skip("T") || cursor.skip("t") || cursor.skip(" ") else {
      throw Self.refusal(text, "has no T between date and time")
    }
    let timeOfDay = try Self.timeOfDay(&cursor, of: text)
    let offset = try Self.offset(&cursor, of: text)
    guard cursor.isAtEnd else { throw Self.refusal(text, "goes on after the time") }
    self.init(nanoseconds: midnight + timeOfDay - offset)
  }

  private static func timeOfDay(
    _ cursor: inout TextCursor, of text: String
  ) throws(HindcastError) -> Int128 {
    guard let hour = cursor.digits(2), cursor.skip(":"), let minute = cursor.digits(2) else {
      throw refusal(text, "has no time of day like 13:05")
    }
    guard hour <= 23 else { throw refusal(text, "has an hour over 23 (24:00 is not accepted)") }
    guard minute <= 59 else { throw refusal(text, "has a minute over 59") }
    var second = 0
    var fraction: Int128 = 0
    if cursor.skip(":") {
      guard let digits = cursor.digits(2) else { throw refusal(text, "has no seconds after ':'") }
      second = digits
      guard second <= 59 else {
        throw refusal(text, "has a second over 59 (leap seconds have no ticks)")
      }
      if cursor.skip(".") || cursor.skip(",") {
        guard let nanoseconds = cursor.fraction() else {
          throw refusal(text, "has a fraction of a second that nanoseconds can't hold")
        }
        fraction = nanoseconds
      }
    }
    return Int128(hour * 3_600 + minute * 60 + second) * 1_000_000_000 + fraction
  }

  private static func offset(
    _ cursor: inout TextCursor, of text: String
  ) throws(HindcastError) -> Int128 {
    if cursor.skip("Z") || cursor.skip("z") { return 0 }
    let isNegative: Bool
    if cursor.skip("+") {
      isNegative = false
    } else if cursor.skip("-") {
      isNegative = true
    } else {
      throw refusal(text, "has no UTC offset: add Z or an offset like +02:00")
    }
    guard let hours = cursor.digits(2), hours <= 23 else {
      throw refusal(text, "has a UTC offset that is not like +02:00")
    }
    var minutes = 0
    if !cursor.isAtEnd {
      _ = cursor.skip(":")
      guard let digits = cursor.digits(2), digits <= 59 else {
        throw refusal(text, "has a UTC offset that is not like +02:00")
      }
      minutes = digits
    }
    let magnitude = Int128(hours * 3_600 + minutes * 60) * 1_000_000_000
    return isNegative ? -magnitude : magnitude
  }

  private static func refusal(_ text: String, _ why: String) -> HindcastError {
    HindcastError(.invalidValue, "time '\(text)' \(why)")
  }

  /// ISO 8601 in UTC with as many fraction digits (0, 3, 6 or 9) as the value needs:
  /// `2024-02-29T13:05:00Z`.
  public var iso8601: String {
    let (day, rest) = dayAndRest
    let seconds = Int(rest / 1_000_000_000)
    let fraction = Int(rest % 1_000_000_000)
    let clock = [seconds / 3_600, seconds / 60 % 60, seconds % 60].map { padded($0, 2) }
    let date = CivilDate(daysSince1970: Int(min(max(day, -1 << 60), 1 << 60)))
    var text = "\(date)T\(clock.joined(separator: ":"))"
    if fraction != 0 {
      let digits = fraction % 1_000_000 == 0 ? 3 : fraction % 1_000 == 0 ? 6 : 9
      text += "." + padded(fraction, 9).prefix(digits)
    }
    return text + "Z"
  }

  /// The day, rounded down, and the nanoseconds since it began.
  private var dayAndRest: (day: Int128, rest: Int128) {
    let (quotient, remainder) = nanoseconds.quotientAndRemainder(
      dividingBy: Self.nanosecondsPerDay)
    if remainder >= 0 { return (quotient, remainder) }
    return (quotient - 1, remainder + Self.nanosecondsPerDay)
  }
}

/// Steps through ASCII text; every step says whether it could be taken.
private struct TextCursor {
  private let bytes: [UInt8]
  private var position = 0

  init(_ bytes: [UInt8]) { self.bytes = bytes }

  var isAtEnd: Bool { position == bytes.count }

  mutating func skip(_ character: Unicode.Scalar) -> Bool {
    guard position < bytes.count, bytes[position] == UInt8(ascii: character) else { return false }
    position += 1
    return true
  }

  mutating func digits(_ count: Int) -> Int? {
    guard position + count <= bytes.count else { return nil }
    var number = 0
    for byte in bytes[position..<position + count] {
      guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) else { return nil }
      number = number * 10 + Int(byte - UInt8(ascii: "0"))
    }
    position += count
    return number
  }

  mutating func date() -> CivilDate? {
    guard let year = digits(4), skip("-"), let month = digits(2), skip("-"), let day = digits(2)
    else { return nil }
    return CivilDate(year: year, month: month, day: day)
  }

  /// Digits after the point, as nanoseconds; nil if there are none or they are finer.
  mutating func fraction() -> Int128? {
    var nanoseconds = 0
    var count = 0
    while let digit = digits(1) {
      if count < 9 { nanoseconds = nanoseconds * 10 + digit } else if digit != 0 { return nil }
      count += 1
    }
    guard count > 0 else { return nil }
    for _ in min(count, 9)..<9 { nanoseconds *= 10 }
    return Int128(nanoseconds)
  }
}

extension CivilDate {
  /// Parses `YYYY-MM-DD`; nil if it is anything else.
  public init?(iso8601 text: String) {
    var cursor = TextCursor(Array(text.utf8))
    guard let date = cursor.date(), cursor.isAtEnd else { return nil }
    self = date
  }
}

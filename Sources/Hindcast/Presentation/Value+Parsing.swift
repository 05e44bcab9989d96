public import HindcastCore
import HindcastInterchange

extension Value {
  /// The record identifier that a person typed.
  ///
  /// Text is taken as it stands, integers in decimal, `true` and `false`, dates as `YYYY-MM-DD`,
  /// timestamps in ISO 8601 or as ticks with a unit (`1700000000s`), binary in base64.
  /// - Throws: ``HindcastError`` (`invalid_value`) that names the column and the form it wants.
  public init(identifier text: String, of field: Field) throws(HindcastError) {
    switch field.type {
    case .utf8: self = .text(text)
    case .bool where text == "true" || text == "false": self = .bool(text == "true")
    case .date:
      guard let date = CivilDate(iso8601: text) else { throw Self.refusal(text, field) }
      self = .integer(Int128(date.daysSince1970))
    case .timestamp(let unit, _):
      guard let ticks = try Instant(argument: text).ticks(exactly: unit) else {
        throw Self.refusal(text, field)
      }
      self = .integer(Int128(ticks))
    case .binary:
      guard let bytes = Base64.decode(text) else { throw Self.refusal(text, field) }
      self = .bytes(bytes)
    default:
      guard field.type.isInteger, let number = Int128(text), !text.hasPrefix("+") else {
        throw Self.refusal(text, field)
      }
      self = .integer(number)
    }
  }

  /// A feature's value as a person typed it: as in a CSV file, lists as JSON arrays.
  /// - Throws: ``HindcastError`` (`invalid_value`) that says what the type wants.
  public init(parsing text: String, of field: Field) throws(HindcastError) {
    var problems = CellProblems()
    let cell = try Column(type: .utf8, values: [.text(text)])
    let column = try cell.cast(
      to: field.type, named: field.name, options: CastOptions(isTextSource: true),
      problems: &problems)
    guard let reason = problems.first.first?.reason else {
      self = column[0]
      return
    }
    throw HindcastError(
      .invalidValue,
      "'\(text)' \(reason); \(field.name) is \(field.type)")
  }

  private static func refusal(_ text: String, _ field: Field) -> HindcastError {
    HindcastError(
      .invalidValue, "'\(text)' is not a value of \(field.name), which is \(field.type)")
  }
}

extension Instant {
  /// A time as a person types it: ISO 8601, or a whole number of ticks since 1970 with its unit
  /// (`1700000000s`, `1700000000000ms`).
  /// - Throws: ``HindcastError`` (`invalid_value`) that says what is wrong.
  public init(argument text: String) throws(HindcastError) {
    let number = text.prefix { $0.isASCII && ($0.isNumber || $0 == "-") }
    if let unit = TimeUnit(String(text.dropFirst(number.count))), let ticks = Int64(number) {
      self.init(ticks: ticks, unit: unit)
    } else if number.count == text.count, Int64(number) != nil {
      throw HindcastError(
        .invalidValue,
        "time '\(text)' has no unit: write \(text)s, \(text)ms, \(text)us or \(text)ns")
    } else {
      try self.init(iso8601: text)
    }
  }
}

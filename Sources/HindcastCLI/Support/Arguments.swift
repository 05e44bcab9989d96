import ArgumentParser
import Hindcast
import HindcastCore
import HindcastStore

/// Typed arguments: each parser says in its error what form it wants.
enum Arguments {
  /// A duration: `30d`, `90s`, `250ms`.
  static func span(_ text: String) throws -> TimeSpan {
    guard let span = TimeSpan(text) else {
      throw ValidationError(
        "'\(text)' is no duration: write a number with ns, us, ms, s, m, h, d or w")
    }
    guard span >= .zero else { throw ValidationError("duration '\(text)' is negative") }
    return span
  }

  /// A duration, or `none` to switch it off.
  static func optionalSpan(_ text: String) throws -> GroupDefinition.Setting<TimeSpan> {
    text == "none" ? .none : .some(try span(text))
  }

  /// A time: ISO 8601, or a whole number with a unit.
  static func instant(_ text: String) throws -> Instant {
    do {
      return try Instant(argument: text)
    } catch {
      throw ValidationError("\(error)")
    }
  }

  /// What `body` finds wrong with an argument is a mistake of the command line.
  static func checking(_ body: () throws(HindcastError) -> Void) throws {
    do {
      try body()
    } catch {
      guard error.code == .invalidArgument else { throw error }
      throw ValidationError(error.message)
    }
  }

  /// A unit of time.
  static func timeUnit(_ text: String) throws -> TimeUnit {
    guard let unit = TimeUnit(text) else {
      throw ValidationError("'\(text)' is no unit of time: write s, ms, us or ns")
    }
    return unit
  }

  /// A snapshot's number or name.
  static func snapshot(_ text: String) throws -> SnapshotSelector {
    if let number = UInt64(text) { return .number(number) }
    // A name starts with a letter: what starts otherwise was meant as a number.
    if text.first?.isLetter == true { return .name(text) }
    let isNegative = Int128(text).map { $0 < 0 } ?? false
    throw ValidationError(
      "snapshot '\(text)' \(isNegative ? "is negative" : "is neither a number nor a name"): "
        + "'hindcast snapshots' lists them")
  }

  /// An amount of memory: `64MiB`, `2GiB`, `1000000` (bytes).
  static func byteCount(_ text: String) throws -> Int {
    let units = [
      "": 1, "B": 1, "KiB": 1 << 10, "MiB": 1 << 20, "GiB": 1 << 30, "TiB": 1 << 40, "KB": 1_000,
      "MB": 1_000_000, "GB": 1_000_000_000, "TB": 1_000_000_000_000,
    ]
    let number = text.prefix { $0.isASCII && $0.isNumber }
    guard let count = Int(number), let unit = units[String(text.dropFirst(number.count))],
      case (let bytes, false) = count.multipliedReportingOverflow(by: unit)
    else { throw ValidationError("'\(text)' is no size: write a number with KiB, MiB, GiB or TiB") }
    return bytes
  }

  /// `NAME=VALUE`.
  static func assignment(_ text: String) throws -> Assignment {
    guard let mark = text.firstIndex(of: "="), mark != text.startIndex else {
      throw ValidationError("'\(text)' is not like NAME=VALUE")
    }
    return Assignment(name: String(text[..<mark]), value: String(text[text.index(after: mark)...]))
  }

  /// Names between commas.
  static func names(_ text: String) throws -> [String] {
    let names = text.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    guard names.allSatisfy({ !$0.isEmpty }) else {
      throw ValidationError("'\(text)' is no list of names like a,b")
    }
    return names
  }
}

/// `NAME=VALUE`.
struct Assignment: Hashable, Sendable {
  var name: String
  var value: String
}

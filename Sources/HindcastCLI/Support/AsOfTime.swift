import ArgumentParser
import HindcastCore
import HindcastStore

/// A time that an answer is for, or a snapshot: the one stated, or when the command runs.
enum AsOfTime: Sendable, CustomStringConvertible {
  case now
  case stated(Instant)

  /// - Throws: `ValidationError` if a text is neither a time nor `now`.
  static func parse(_ text: String) throws -> AsOfTime {
    text == "now" ? .now : .stated(try Arguments.instant(text))
  }

  var instant: Instant {
    switch self {
    case .now: LocalFileSystem().now()
    case .stated(let instant): instant
    }
  }

  var description: String {
    switch self {
    case .now: "now"
    case .stated(let instant): "\(instant)"
    }
  }
}

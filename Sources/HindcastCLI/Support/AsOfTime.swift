import HindcastCore
import HindcastStore

/// The time that an online answer is for.
enum AsOfTime {
  /// The instant of a text: a time, or `now`.
  static func instant(_ text: String) throws(HindcastError) -> Instant {
    text == "now" ? LocalFileSystem().now() : try Instant(argument: text)
  }
}

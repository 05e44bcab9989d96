public import HindcastCore

/// A change to what groups there are.
///
/// Several go into one commit.
public enum GroupChange: Sendable {
  /// Creates a group.
  ///
  /// The store gives out the field ids; those of the argument are ignored.
  case create(FeatureGroup)
  /// Makes the group of that name look like the argument, features told by their names: `dropping`
  /// says which go, and `renamed` which new names are old features'; see
  /// ``GroupEvolution/evolved(_:to:renamed:dropping:)``.
  case update(FeatureGroup, renamed: [String: String] = [:], dropping: Set<String> = [])
  /// Gives a group another name; its history stays.
  case rename(from: String, to: String)
  /// Hides a group from now on.
  ///
  /// Earlier snapshots still have it.
  case drop(String)
}

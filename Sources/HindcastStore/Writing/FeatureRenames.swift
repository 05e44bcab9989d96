public import HindcastCore

/// Which renames of features are still to be done in a group, and which can't be.
///
/// A feature remembers the names that it had, so that a rename which was carried out already is
/// told from one that is not possible.
public struct FeatureRenames: Sendable {
  /// The new name of each feature that is to be renamed, by the name that it has.
  public private(set) var pending: [String: String] = [:]
  /// Why some can't be.
  private(set) var refusals: [String] = []

  /// Looks at renames, given as new names to old ones, all done at once.
  public init(_ renamed: [String: String], of features: [Field]) {
    func feature(_ name: String) -> Field? { features.first { $0.name == name } }
    for (new, old) in renamed.sorted(by: { $0.key < $1.key }) where new != old {
      let taken = feature(new)
      if taken?.formerNames.contains(old) == true { continue }
      if feature(old) == nil {
        guard taken == nil else { continue }
        refusals.append("there is no feature '\(old)' that could be renamed to '\(new)'")
      } else if let other = pending[old] {
        refusals.append("feature '\(old)' can't be renamed to both '\(other)' and '\(new)'")
      } else {
        pending[old] = new
      }
    }
    for (old, new) in pending.sorted(by: { $0.key < $1.key })
    where feature(new) != nil && pending[new] == nil {
      pending[old] = nil
      refusals.append(
        "feature '\(old)' can't be renamed to '\(new)': there is a feature of that name")
    }
  }
}

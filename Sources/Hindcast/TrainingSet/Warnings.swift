import HindcastCore
import HindcastJoin

/// What a person should look at in a result that is correct, but maybe not what was meant.
enum Warnings {
  /// A match rate under half, and label times that are in another unit than they seem.
  static func after(_ join: ViewJoin) -> [String] {
    let counts = join.counts
    let alias = join.bound.view.alias
    var warnings: [String] = []
    let usable = counts.total
    if usable > 0, counts.matched * 2 < usable {
      let count = { (number: Int) in Quantities.count(number) }
      warnings.append(
        "\(alias): only \(count(counts.matched)) of \(count(usable)) rows matched "
          + "(\(count(counts.missing)) missing, \(count(counts.expired)) expired, "
          + "\(count(counts.deleted)) deleted, \(count(counts.unusable)) unusable): "
          + "check the key columns, the times asked for and the max age")
    }
    if let warning = join.quarantineWarning { warnings.append("\(alias): \(warning)") }
    if let warning = unitWarning(join, alias) { warnings.append(warning) }
    if let last = join.erasedSince.last {
      warnings.append(
        "\(alias): records were erased from this snapshot by a later commit (\(last.commit)); a "
          + "build before that may have other values for them")
    }
    return warnings
  }

  private static func unitWarning(_ join: ViewJoin, _ alias: String) -> String? {
    guard let label = join.typicalLabelTime, let event = join.typicalEventTime else { return nil }
    let (a, b) = (label.nanoseconds.magnitude, event.nanoseconds.magnitude)
    guard a > 0, b > 0, a / b >= 100 || b / a >= 100 else { return nil }
    return
      "\(alias): label times (about \(label.iso8601)) and event times (about \(event.iso8601)) "
      + "lie a hundredfold apart: one of them has a wrong unit"
  }
}

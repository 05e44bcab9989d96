import HindcastCore

extension RebuildReport: Report {
  /// The build, and whether it gave what it gave before.
  public var text: String { build.text + "\n" + verdict + "\n" }

  private var verdict: String {
    let differences = labelDifferences + valueDifferences
    if isOnOtherSnapshot {
      let same =
        !labelDifferences.isEmpty
        ? "other labels" : valueDifferences.isEmpty ? "the same labels and values" : "other values"
      return "Before, on snapshot \(snapshot): \(same)."
        + differences.map { "\n  \($0)" }.joined()
    }
    guard !differences.isEmpty else {
      return "Identical: labels, counts, certificates and values are those of the manifest."
    }
    return "NOT IDENTICAL to what the manifest was written for:"
      + differences.map { "\n  \($0)" }.joined()
  }

  /// The build's report, with the verdict.
  public var json: JSONValue {
    [
      "passes": .bool(passes), "earlier_snapshot": .number(snapshot),
      "label_differences": .array(labelDifferences.map { .string($0) }),
      "value_differences": .array(valueDifferences.map { .string($0) }), "build": build.json,
    ]
  }
}

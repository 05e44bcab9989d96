import HindcastCore

extension RebuildReport: Report {
  /// The build, and whether it gave what it gave before.
  public var text: String { build.text + "\n" + verdict + "\n" }

  private var verdict: String {
    if isOnOtherSnapshot {
      let same =
        differences.isEmpty
        ? "the same labels and values" : areLabelsOther ? "other labels" : "other values"
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
      "differences": .array(differences.map { .string($0) }), "build": build.json,
    ]
  }
}

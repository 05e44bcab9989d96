import HindcastCore
import HindcastFormat

/// How the row that answers a label is found.
///
/// All strategies give the same answers.
public enum Strategy: String, Hashable, Sendable, CaseIterable {
  /// The planner's choice.
  case auto
  /// One pass over sorted labels and sorted history.
  case merge
  /// The reference implementation: every label against every version of its record.
  case nested
}

/// Labels of a chunk in resolve order, with their bounds: what a strategy works on.
struct ResolveInput {
  let labels: LabelVector
  let bounds: TimeBounds
  let order: LabelOrder
  let rule: AsOfRule

  init(_ labels: LabelVector, _ rule: AsOfRule) {
    let bounds = TimeBounds(labels, rule)
    order = LabelOrder(labels) { row in
      labels.isUnusable(row) || labels.isAbsent(row) || bounds.isImpossible(row)
    }
    self.labels = labels
    self.bounds = bounds
    self.rule = rule
  }
}

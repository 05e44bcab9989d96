import HindcastCore
import HindcastStore

extension GroupSnapshot {
  /// Refuses labels whose answer may have been given up (rule S4): those whose last qualifying
  /// event tick is before the horizon.
  ///
  /// O(labels).
  func checkHorizon(_ labels: LabelVector, _ rule: AsOfRule) throws(HindcastError) {
    guard let horizon else { return }
    let bounds = TimeBounds(labels, rule)
    let events = bounds.events.span(of: Int64.self)
    let times = labels.times.span(of: Int64.self)
    for row in 0..<labels.count where !labels.isUnusable(row) {
      guard bounds.isImpossible(row) || events[row] < horizon else { continue }
      let time = Instant(ticks: times[row], unit: labels.unit).iso8601
      let limit = Instant(ticks: horizon, unit: definition.timeUnit).iso8601
      let delay = rule.delay == .zero ? "" : " less the delay of \(rule.delay)"
      throw HindcastError(
        .beforeHorizon,
        "group '\(definition.name)' gave up its history before \(limit) ('expire'), and a label "
          + "is at \(time)\(delay)\(rule.isStrict ? " (strict)" : ""): leave out labels before "
          + "that, or read an earlier snapshot with --snapshot")
    }
  }
}

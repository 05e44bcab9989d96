import Foundation

/// Chooses the strategy for each segment by what it would cost.
///
/// Labels are thought to name records evenly spread over the segment: then of `p` pages, `n` picks
/// touch `p (1 - (1 - 1/p)^n)` (A. F. Cardenas, CACM 18, 1975).
public struct Planner: Sendable {
  private let model: CostModel

  /// A planner that believes `model`.
  public init(model: CostModel = CostModel()) { self.model = model }

  /// What each strategy would cost on a segment for the labels of its records, the least first.
  ///
  /// With `isOrdered` the labels are sorted, and what that took is not counted any more. O(1).
  public func estimates(
    _ labels: ResolvePlan.Labels, _ history: ResolvePlan.History, isOrdered: Bool
  ) -> [ResolvePlan.Estimate] {
    let facts = Facts(labels, history)
    return Strategy.bySegment.map { strategy in
      var estimate = estimate(strategy, facts)
      if !isOrdered {
        let ordering = strategy == .hash ? model.groupLabel : model.sortLabel
        estimate.nanoseconds += Double(labels.labelCount) * ordering
      }
      return estimate
    }.sorted { $0.nanoseconds < $1.nanoseconds }
  }

  /// The numbers that all estimates start from.
  private struct Facts {
    let labelCount: Double
    let recordCount: Double
    let history: ResolvePlan.History
    /// Pages of records and of times that hold an answer.
    let recordPages: Double
    let timePages: Double
    /// The bytes of those of times, about.
    let timeBytes: Double

    init(_ labels: ResolvePlan.Labels, _ history: ResolvePlan.History) {
      labelCount = Double(labels.labelCount)
      recordCount = Double(labels.recordCount)
      self.history = history
      recordPages = touched(history.recordPageCount, picks: recordCount)
      let pagesPerRecord =
        Double(history.timePageCount) / Double(max(1, history.recordCount))
      // A label reads one page of its record, or two where the record begins in another.
      let picks = min(labelCount, recordCount * (1 + pagesPerRecord))
      timePages = touched(history.timePageCount, picks: picks)
      timeBytes =
        timePages * Double(history.timeByteCount) / Double(max(1, history.timePageCount))
    }
  }

  private func estimate(_ strategy: Strategy, _ facts: Facts) -> ResolvePlan.Estimate {
    let (labels, records) = (facts.labelCount, facts.recordCount)
    let allRecords = Double(facts.history.recordCount)
    let allRecordPages = Double(facts.history.recordPageCount)
    let times =
      facts.timePages * model.decodeTimePage + facts.timeBytes * model.decodeTimeByte
      + labels * model.searchTimes
    let cost: Double
    var recordPages = facts.recordPages
    switch strategy {
    case .merge:
      cost = recordPages * model.decodeRecordPage + records * model.mergeRecord + times
    case .probe:
      cost =
        recordPages * model.openRecordPage + records * model.probeRecord
        + facts.timePages * model.openTimePage + facts.timeBytes * model.openTimeByte
        + labels * model.probeTimes
    case .hash:
      recordPages = allRecordPages
      cost =
        allRecordPages * model.decodeRecordPage + allRecords * model.hashRecord
        + records * model.hashRecord + times
    case .auto, .nested: cost = .infinity
    }
    return ResolvePlan.Estimate(
      strategy: strategy, pageCount: Int((recordPages + facts.timePages).rounded()),
      nanoseconds: cost)
  }
}

/// How many of `pages` are hit by `picks` at random.
private func touched(_ pages: Int, picks: Double) -> Double {
  guard pages > 1 else { return min(Double(pages), picks) }
  return Double(pages) * (1 - exp(picks * log1p(-1 / Double(pages))))
}

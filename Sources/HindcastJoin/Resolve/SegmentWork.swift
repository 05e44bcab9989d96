import HindcastCore

/// A piece of the work on one segment, of those that threads take one by one.
struct SegmentWork: Sendable {
  private let history: SegmentHistory
  private let strategy: any ResolveStrategy.Type
  private let piece: Range<Int>

  /// Resolves all segments by their strategies, from the latest to the earliest, and offers what is
  /// found to `winners`.
  ///
  /// Memory: beside `winners` about one candidate a label.
  /// - Throws: ``HindcastError`` if a segment can't be read.
  static func resolve(
    _ input: ResolveInput, _ plan: ResolvePlan, _ histories: [SegmentHistory],
    into winners: inout Winners
  ) throws(HindcastError) {
    let bounds = histories.count > 1 ? input.eventBounds() : nil
    let latestFirst = histories.indices.sorted {
      histories[$0].eventTimes.upperBound > histories[$1].eventTimes.upperBound
    }
    var work: [SegmentWork] = []
    var labelCount = 0
    for place in latestFirst {
      let history = histories[place]
      guard let strategy = plan.segments[place].strategy.implementation else { continue }
      let count = try input.entries(in: history.segment).count
      if labelCount + count > input.order.rows.count {
        try perform(work, input, bounds, into: &winners)
        (work, labelCount) = ([], 0)
      }
      labelCount += count
      work += try strategy.pieces(input, history).map {
        SegmentWork(history: history, strategy: strategy, piece: $0)
      }
    }
    try perform(work, input, bounds, into: &winners)
  }

  private static func perform(
    _ work: [SegmentWork], _ input: ResolveInput, _ bounds: Buffer?, into winners: inout Winners
  ) throws(HindcastError) {
    for part in try candidates(work, input, bounds, after: winners) { winners.offer(part) }
  }

  /// What is found beside the winners so far, of which no copy is left.
  private static func candidates(
    _ work: [SegmentWork], _ input: ResolveInput, _ bounds: Buffer?, after winners: Winners
  ) throws(HindcastError) -> [Candidates] {
    try Parallel.map(work.count) { index throws(HindcastError) in
      let part = work[index]
      var search = RunSearch(
        input, part.history, isPositional: part.strategy.readsTimesByPlace,
        open: bounds.map {
          OpenLabels(bounds: $0, winners: winners, eventTimes: part.history.eventTimes)
        })
      try part.strategy.resolve(part.piece, input, part.history, &search)
      return search.candidates
    }
  }
}

import HindcastCore

/// A piece of the work on one segment, of those that threads take one by one.
struct SegmentWork: Sendable {
  private let history: SegmentHistory
  private let strategy: any ResolveStrategy.Type
  private let piece: Range<Int>

  /// Resolves all segments by their strategies, several at a time, and offers what is found to
  /// `winners` in the order of the segments.
  ///
  /// Memory: beside `winners` about one candidate a label.
  /// - Throws: ``HindcastError`` if a segment can't be read.
  static func resolve(
    _ input: ResolveInput, _ plan: ResolvePlan, _ histories: [SegmentHistory],
    into winners: inout Winners
  ) throws(HindcastError) {
    var work: [SegmentWork] = []
    var labelCount = 0
    for (part, history) in zip(plan.segments, histories) {
      guard let strategy = part.strategy.implementation else { continue }
      let count = try input.entries(in: history.segment).count
      if labelCount + count > input.order.rows.count {
        try perform(work, input, into: &winners)
        (work, labelCount) = ([], 0)
      }
      labelCount += count
      work += try strategy.pieces(input, history).map {
        SegmentWork(history: history, strategy: strategy, piece: $0)
      }
    }
    try perform(work, input, into: &winners)
  }

  private static func perform(
    _ work: [SegmentWork], _ input: ResolveInput, into winners: inout Winners
  ) throws(HindcastError) {
    let found = try Parallel.map(work.count) { index throws(HindcastError) in
      let part = work[index]
      var search = RunSearch(
        input, part.history, isPositional: part.strategy.readsTimesByPlace)
      try part.strategy.resolve(part.piece, input, part.history, &search)
      return search.candidates
    }
    for part in found { winners.offer(part) }
  }
}

import HindcastCore
import HindcastFormat

/// One pass over the labels' keys and a segment's runs, both sorted; inside a run a search in
/// times.
///
/// For dense labels: every page is decoded at most once for each range of labels.
enum MergeStrategy: ResolveStrategy {
  static let readsTimesByPlace = false

  static func resolve(
    _ piece: Range<Int>, _ input: ResolveInput, _ history: SegmentHistory,
    _ search: inout RunSearch
  ) throws(HindcastError) {
    var runs = try RunCursor(history.segment)
    try search.search(piece, input, history.segment) {
      (wanted, ahead, found) throws(HindcastError) in
      try runs.find(wanted, input.recordKeys, &ahead, &found)
    }
    history.segment.counters.addKeys(runs.comparisonCount)
  }
}

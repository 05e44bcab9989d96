import HindcastCore
import HindcastFormat

/// A hash table of the records that labels name, and one pass over all records of the segment.
///
/// For labels on most records: they need not be sorted by key.
enum HashStrategy: ResolveStrategy {
  /// Pages of records that are gone through as one piece of work.
  private static let pieceCount = 8

  static func resolve(
    _ input: ResolveInput, _ history: SegmentHistory, into winners: inout Winners
  ) throws(HindcastError) {
    let segment = history.segment
    let table = input.recordTable
    let pageCount = segment.runPageCount
    let found = try Parallel.map((pageCount + pieceCount - 1) / pieceCount) {
      piece throws(HindcastError) in
      var search = RunSearch(input, history, isPositional: false)
      for page in piece * pieceCount..<min(pageCount, (piece + 1) * pieceCount) {
        let runs = try segment.runPage(page)
        let ends = runs.ends.span(of: Int.self)
        segment.counters.addKeys(runs.count)
        var start = runs.firstRow
        for run in 0..<runs.count {
          let end = ends[run]
          if let record = table.record(of: runs.keys, run, input) {
            try search.search(start..<end, for: input.entries(ofRecord: record))
          }
          start = end
        }
      }
      return search.candidates
    }
    for part in found { winners.offer(part) }
  }
}

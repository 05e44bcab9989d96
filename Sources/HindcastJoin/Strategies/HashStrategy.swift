import HindcastCore
import HindcastFormat

/// A hash table of the records that labels name, and one pass over all records of the segment.
///
/// For labels on most records: they need not be sorted by key.
enum HashStrategy: ResolveStrategy {
  static let readsTimesByPlace = false

  /// Pages of records that are gone through as one piece of work.
  private static let piecePages = 8

  static func pagePieces(_ segment: SegmentReader) -> [Range<Int>]? {
    let pageCount = segment.runPageCount
    return stride(from: 0, to: pageCount, by: piecePages).map {
      $0..<min(pageCount, $0 + piecePages)
    }
  }

  static func resolve(
    _ piece: Range<Int>, _ input: ResolveInput, _ history: SegmentHistory,
    _ search: inout RunSearch
  ) throws(HindcastError) {
    let segment = history.segment
    let table = input.recordTable
    var ahead = RunReadAhead(segment, pages: Array(piece))
    for page in piece {
      ahead.willRead(page)
      let runs = try segment.runPage(page)
      let ends = runs.ends.span(of: Int.self)
      segment.counters.addKeys(runs.count)
      var found: [RunSearch.Found] = []
      var start = runs.firstRow
      for run in 0..<runs.count {
        let end = ends[run]
        if let record = table.record(of: runs.keys, run, input) {
          found.append((start..<end, record))
        }
        start = end
      }
      try search.search(found)
    }
  }
}

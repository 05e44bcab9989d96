import HindcastCore
import HindcastFormat

/// A look-up in the record-id index for each record that labels name; times are read by place.
///
/// For few labels on a long history: fences, filters and single values are read, and no page is
/// decoded.
enum ProbeStrategy: ResolveStrategy {
  static let readsTimesByPlace = true

  static func resolve(
    _ piece: Range<Int>, _ input: ResolveInput, _ history: SegmentHistory,
    _ search: inout RunSearch
  ) throws(HindcastError) {
    try search.search(piece, input, history.segment) {
      (wanted, ahead, found) throws(HindcastError) in
      for (place, record) in wanted.enumerated() {
        ahead.willLookUp(place)
        guard let run = try history.segment.rows(of: input.recordKeys, record) else { continue }
        found.append((run, record))
      }
    }
  }
}

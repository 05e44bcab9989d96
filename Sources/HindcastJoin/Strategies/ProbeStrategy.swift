import HindcastCore
import HindcastFormat

/// A look-up in the record-id index for each record that labels name; times are read by place.
///
/// For few labels on a long history: fences, filters and single values are read, and no page is
/// decoded.
enum ProbeStrategy: ResolveStrategy {
  static let readsTimesByPlace = true

  /// How many records are looked up before their times are searched: the disk is told of both.
  private static let batchRecords = 512

  static func resolve(
    _ piece: Range<Int>, _ input: ResolveInput, _ history: SegmentHistory,
    _ search: inout RunSearch
  ) throws(HindcastError) {
    let segment = history.segment
    let keys = input.labels.keys.keys
    var records = input.records(in: piece)
    var found: [(run: Range<Int>, entries: Range<Int>)] = []
    while !records.isAtEnd {
      let labels = records.lookingAhead(Self.batchRecords).map { input.label(ofRecord: $0) }
      var lookUps = try RunReadAhead(segment, keys, labels)
      found.removeAll(keepingCapacity: true)
      for (place, label) in labels.enumerated() {
        guard let (_, entries) = records.next() else { break }
        lookUps.willLookUp(place)
        if let run = try segment.rows(of: keys, label) { found.append((run, entries)) }
      }
      search.willSearch(found.map(\.run))
      for (run, entries) in found { try search.search(run, for: entries) }
    }
  }
}

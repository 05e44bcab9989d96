import HindcastCore
import HindcastFormat

/// A look-up in the record-id index for each record that labels name; times are read by place.
///
/// For few labels on a long history: fences, filters and single values are read, and no page is
/// decoded.
enum ProbeStrategy: ResolveStrategy {
  static func resolve(
    _ input: ResolveInput, _ history: SegmentHistory, into winners: inout Winners
  ) throws(HindcastError) {
    let keys = input.labels.keys.keys
    try input.inParallel(history, into: &winners, isPositional: true) {
      (entries, search) throws(HindcastError) in
      for (record, entries) in input.records(in: entries) {
        let label = input.label(ofRecord: record)
        if let run = try history.segment.rows(of: keys, label) {
          try search.search(run, for: entries)
        }
      }
    }
  }
}

import HindcastCore
import HindcastFormat

/// Finds the latest row of a record in a segment, and the values in it.
struct LatestLookup {
  private let segment: SegmentReader

  init(_ segment: SegmentReader) throws(HindcastError) {
    guard segment.tombstones == nil else {
      throw HindcastError(.invalidArgument, "the look-up knows no tombstones")
    }
    self.segment = segment
  }

  /// The last row of the record named by key `index` of `keys`; nil if the segment has none.
  func row(of keys: KeyVector, _ index: Int) throws(HindcastError) -> Int? {
    guard let run = try segment.rows(of: keys, index) else { return nil }
    return try segment.lastRow(in: run, atOrBefore: .max)
  }

  /// The value of one row.
  func value(_ column: ColumnReader, row: Int) throws(HindcastError) -> Value {
    try column.value(at: row)
  }

  /// The values of ascending rows.
  func values(_ column: ColumnReader, rows: [Int]) throws(HindcastError) -> Column {
    try column.take(rows.span)
  }
}

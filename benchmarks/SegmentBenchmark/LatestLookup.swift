import HindcastCore
import HindcastFormat

/// Finds the latest row of a record in a segment, and the values in it.
///
/// Keeps the fences and the run pages that it met; pages of values are read and decoded at every
/// call.
struct LatestLookup {
  private let segment: SegmentReader
  private let fences: KeyVector
  private var runPages: [Int: RunPage] = [:]

  init(_ segment: SegmentReader) throws(HindcastError) {
    guard segment.tombstones == nil else {
      throw HindcastError(.invalidArgument, "the look-up knows no tombstones")
    }
    self.segment = segment
    fences = try segment.fences()
  }

  /// The last row of the record named by key `index` of `keys`; nil if the segment has none.
  mutating func row(of keys: KeyVector, _ index: Int) throws(HindcastError) -> Int? {
    let fence = Self.upperBound(fences, keys, index) - 1
    guard fence >= 0 else { return nil }
    let page = try runPage(fence)
    let run = Self.upperBound(page.keys, keys, index) - 1
    guard run >= 0, page.keys.compare(run, keys, index) == 0 else { return nil }
    return page.ends.span(of: Int.self)[run] - 1
  }

  /// The value of one row, as a column of it alone.
  func value(_ column: ColumnReader, row: Int) throws(HindcastError) -> Column {
    let page = try column.page(row >> column.rowShift)
    return try page.gather([UInt32(row & (column.rowsPerPage - 1))].span)
  }

  /// The values of ascending rows.
  func values(_ column: ColumnReader, rows: [Int]) throws(HindcastError) -> Column {
    let result = ColumnAccumulator(type: column.type)
    var start = 0
    while start < rows.count {
      let index = rows[start] >> column.rowShift
      let inPage = rows[start...].prefix { $0 >> column.rowShift == index }
      let places = inPage.map { UInt32($0 & (column.rowsPerPage - 1)) }
      let part = try column.page(index).gather(places.span)
      result.append(part, rows: 0..<part.count)
      start += inPage.count
    }
    return result.finish()
  }

  private mutating func runPage(_ index: Int) throws(HindcastError) -> RunPage {
    if let page = runPages[index] { return page }
    let page = try segment.runPage(index)
    runPages[index] = page
    return page
  }

  /// How many of `sorted` are at most key `index` of `keys`.
  private static func upperBound(_ sorted: KeyVector, _ keys: KeyVector, _ index: Int) -> Int {
    var (low, high) = (0, sorted.count)
    while low < high {
      let middle = (low + high) / 2
      if sorted.compare(middle, keys, index) <= 0 { low = middle + 1 } else { high = middle }
    }
    return low
  }
}

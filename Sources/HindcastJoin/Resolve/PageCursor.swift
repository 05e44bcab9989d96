import HindcastCore
import HindcastFormat

/// The page of a column that is decoded at the moment.
///
/// Resolve and gather meet rows in ascending order, so one page a column is all that they hold.
struct PageCursor {
  let reader: ColumnReader
  let shift: Int
  private(set) var index = -1
  private var current: Column?

  init(_ reader: ColumnReader) {
    self.reader = reader
    shift = reader.rowsPerPage.trailingZeroBitCount
  }

  /// The decoded page `index`.
  mutating func page(_ index: Int) throws(HindcastError) -> Column {
    if index == self.index, let current { return current }
    let page = try reader.page(index)
    current = page
    self.index = index
    return page
  }

  /// The time at `row` of a column of times; nil if it is null.
  mutating func time(_ row: Int) throws(HindcastError) -> Int64? {
    let page = try page(row >> shift)
    let place = row & (1 << shift - 1)
    return page.isNull(place) ? nil : page.fixed.span(of: Int64.self)[place]
  }

  /// The page that holds `row`.
  func pageIndex(of row: Int) -> Int { row >> shift }

  /// The first row of page `index`.
  func firstRow(of index: Int) -> Int { index << shift }
}

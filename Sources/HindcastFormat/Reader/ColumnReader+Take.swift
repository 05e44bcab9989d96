public import HindcastCore

extension ColumnReader {
  /// The cell of `row`, which must be one of the column's, read without decoding its neighbours.
  ///
  /// For look-ups of few rows: a page that is in the cache is not read again. O(1), but at most 127
  /// other values in a page of differences.
  /// - Throws: ``HindcastError`` as ``page(_:)``.
  public func value(at row: Int) throws(HindcastError) -> Value {
    precondition(row >= 0 && row < rowCount, "\(name) has no row \(row)")
    let page = try encodedPage(row >> rowShift)
    counters.addValues(1)
    return try page.value(at: row & (rowsPerPage - 1))
  }

  /// The cells of `rows` as a column.
  ///
  /// Rows must ascend (equal neighbours are allowed). Each page that holds one is read once, or
  /// taken from the cache, where it is not kept; of its values only those are decoded that were
  /// asked for.
  /// - Throws: ``HindcastError`` as ``page(_:)``.
  public func take(_ rows: Span<Int>) throws(HindcastError) -> Column {
    let taken = ColumnAccumulator(type: type)
    var start = 0
    while start < rows.count {
      let index = rows[start] >> rowShift
      var positions = MutableBuffer()
      var end = start
      while end < rows.count, rows[end] >> rowShift == index {
        precondition(end == 0 || rows[end] >= rows[end - 1], "rows to take must ascend")
        precondition(rows[end] >= 0 && rows[end] < rowCount, "\(name) has no row \(rows[end])")
        positions.append(Int32(rows[end] & (rowsPerPage - 1)))
        end += 1
      }
      let part = try pageOnce(index).take(positions.span(of: Int32.self))
      guard taken.hasRoom(for: part) else {
        throw HindcastError(.limitExceeded, "the values of \(rows.count) rows take over 2 GiB")
      }
      if start == 0, end == rows.count {
        counters.addValues(part.count)
        return part
      }
      taken.append(part, rows: 0..<part.count)
      start = end
    }
    counters.addValues(rows.count)
    return taken.finish()
  }
}

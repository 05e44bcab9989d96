public import HindcastCore

extension SegmentReader {
  /// Reads the whole segment and checks all that opening and reading leave unchecked: every page
  /// decodes, rows are in segment order, zones, fences and the summary are true, the bytes between
  /// pieces are zero.
  ///
  /// O(bytes + values), a page a column in memory, and 24 bytes for each page. `progress` hears of
  /// the bytes of each page.
  /// - Throws: ``HindcastError`` with a `segment_` code at the first thing that is wrong.
  public func verify(
    progress: (_ byteCount: Int) -> Void = { _ in }
  ) throws(HindcastError) {
    var pieces = metadataPieces
    for column in allColumns {
      pieces += try column.pieces()
      try verifyPages(column, progress)
    }
    try verifyPadding(pieces)
    try verifyFences()
    try verifyOrder()
    try verifySummary()
  }

  private var allColumns: [ColumnReader] {
    [eventTimes, runKeys, runEnds, fenceKeys]
      + [createdTimes, tombstones, filters].compactMap { $0 }
      + schema.features.compactMap { feature(id: $0.id) }
  }

  /// Each page decodes, and its zone is its range; nulls and stored bytes add up.
  private func verifyPages(
    _ column: ColumnReader, _ progress: (Int) -> Void
  ) throws(HindcastError) {
    var (nullCount, storedByteCount) = (0, 0)
    for index in 0..<column.pageCount {
      let page = try column.page(index)
      nullCount += page.nullCount
      let byteCount = try column.storedByteCount(ofPage: index)
      storedByteCount += byteCount
      progress(byteCount)
      guard let zone = try column.zone(index), zone.hasValues else { continue }
      guard pageZone(page) == (zone.min, zone.max) else {
        throw failure(.segmentBadZone, "page \(index) of \(column.name) has a wrong zone")
      }
    }
    guard nullCount == column.nullCount, storedByteCount == column.storedByteCount else {
      throw failure(.segmentBadColumnDirectory, "the totals of \(column.name) are wrong")
    }
  }

  private func verifyPadding(_ pieces: [PieceReference]) throws(HindcastError) {
    var end = 0
    for piece in pieces.sorted(by: { $0.offset < $1.offset }) {
      let gap = piece.offset - end
      guard (0..<Limits.alignment).contains(gap) else {
        throw failure(.segmentBadPadding, "pieces overlap, or leave room", at: end)
      }
      let bytes = try readBytes(source.file, at: end, byteCount: gap)
      let padding = bytes.span(of: UInt8.self)
      for index in padding.indices where padding[index] != 0 {
        throw failure(.segmentBadPadding, "a byte between pieces is not zero", at: end + index)
      }
      end = piece.offset + piece.byteCount
    }
  }

  private func verifyFences() throws(HindcastError) {
    let fences = try fences()
    var last: KeyVector?
    for index in 0..<runPageCount {
      let keys = try runPage(index).keys
      let follows = last.map { $0.compare($0.count - 1, keys, 0) < 0 } ?? true
      guard follows, keys.compare(0, fences, index) == 0 else {
        throw failure(.segmentBadRuns, "run page \(index) does not follow, or its fence is wrong")
      }
      try verifyFilter(index, keys)
      last = keys
    }
  }

  /// The filter of a run page is that of its keys, to the bit.
  private func verifyFilter(_ index: Int, _ keys: KeyVector) throws(HindcastError) {
    guard let filters else { return }
    var expected = RunFilter()
    for key in 0..<keys.count { expected.insert(Buffer(keys.bytes(key)).bytes) }
    let stored = try filters.page(index).fixed.array(of: UInt32.self)
    guard stored == expected.column().fixed.array(of: UInt32.self) else {
      throw failure(.segmentBadRuns, "the filter of run page \(index) is not of its keys")
    }
  }

  /// Within each run, event times and then created times never decrease.
  private func verifyOrder() throws(HindcastError) {
    var times = RowCursor(eventTimes)
    var created = RowCursor(createdTimes)
    for index in 0..<runPageCount {
      let page = try runPage(index)
      let ends = page.ends.array(of: Int.self)
      var row = page.firstRow
      for end in ends {
        var previous: (time: Int64, created: Int64?)?
        while row < end {
          let time = try times.value(row) ?? 0
          let known = try created.value(row)
          if let previous, !isOrdered(previous, (time, known)) {
            throw failure(.segmentBadOrder, "row \(row + 1) goes before the row before it")
          }
          previous = (time, known)
          row += 1
        }
      }
    }
  }

  private func isOrdered(
    _ a: (time: Int64, created: Int64?), _ b: (time: Int64, created: Int64?)
  ) -> Bool {
    RowOrder.isOrdered(a.time, a.created, b.time, b.created)
  }

  private func verifySummary() throws(HindcastError) {
    let time = try eventTimes.range()
    var created: ClosedRange<Int64>?
    if let createdTimes { created = try createdTimes.range() }
    var tombstoneCount = 0
    if let tombstones { tombstoneCount = try tombstones.trueCount() }
    guard tombstoneCount == summary.tombstoneCount,
      isRange(summary.minEventTime, summary.maxEventTime, of: time),
      isRange(summary.minCreatedTime, summary.maxCreatedTime, of: created)
    else { throw failure(.segmentBadSummary, "the summary does not describe the rows") }
  }

  /// Whether the two bounds are those of `range`; zeros where there are no values.
  private func isRange(_ least: Int64, _ greatest: Int64, of range: ClosedRange<Int64>?) -> Bool {
    least == range?.lowerBound ?? 0 && greatest == range?.upperBound ?? 0
  }

  private func failure(
    _ code: HindcastError.Code, _ message: String, at offset: Int? = nil
  ) -> HindcastError {
    HindcastError(
      code, message, at: .init(file: path, section: "segment", byteOffset: offset))
  }
}

/// Reads one column's 8-byte numbers row by row, front to back.
private struct RowCursor {
  private let column: ColumnReader?
  private var index = -1
  private var page: Column?

  init(_ column: ColumnReader?) { self.column = column }

  /// The number at `row`; nil if it is null.
  mutating func value(_ row: Int) throws(HindcastError) -> Int64? {
    guard let column else { return nil }
    if row >> column.rowShift != index {
      index = row >> column.rowShift
      page = try column.page(index)
    }
    let place = row - index << column.rowShift
    guard let page, !page.isNull(place) else { return nil }
    return page.fixed.span(of: Int64.self)[place]
  }
}

extension ColumnReader {
  /// The rows of a bool column that are true.
  fileprivate func trueCount() throws(HindcastError) -> Int {
    var count = 0
    for index in 0..<pageCount {
      let page = try page(index)
      guard case .bits(let bits) = page.body else { continue }
      count += Bits.population(bits.span(of: UInt8.self), count: page.count)
    }
    return count
  }

  /// The least and the greatest value by the zones; nil if there is none.
  fileprivate func range() throws(HindcastError) -> ClosedRange<Int64>? {
    var range: ClosedRange<Int64>?
    for index in 0..<pageCount {
      guard let zone = try zone(index), zone.hasValues, zone.min <= zone.max else { continue }
      range =
        min(
          range?.lowerBound ?? zone.min, zone.min)...max(
          range?.upperBound ?? zone.max, zone.max)
    }
    return range
  }
}

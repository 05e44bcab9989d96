public import HindcastCore

extension SegmentReader {
  /// The rows of the record named by key `index` of `keys`; nil if the segment has none.
  ///
  /// For look-ups of few records. Searches the fences, which stay in memory, then one page of
  /// identifiers, before which its bloom filter is asked if it has one; values are found in the
  /// encoded pages, which stay in the cache. O(log records).
  /// - Throws: ``HindcastError`` as ``ColumnReader/page(_:)``, or `segment_bad_runs`.
  public func rows(of keys: KeyVector, _ index: Int) throws(HindcastError) -> Range<Int>? {
    counters.addKeys(Self.searchSteps(runPageCount) + Self.searchSteps(runsPerPage))
    guard let page = try runPage(mayHold: keys, index),
      let run = try run(of: keys, index, inPage: page)
    else { return nil }
    return try rows(ofRun: run, inPage: page)
  }

  /// The page of records that holds key `index` of `keys` if any does; nil if none can.
  func runPage(mayHold keys: KeyVector, _ index: Int) throws(HindcastError) -> Int? {
    let fences = try fences()
    var (low, high) = (0, fences.count)
    while low < high {
      let middle = (low + high) / 2
      if fences.compare(middle, keys, index) <= 0 { low = middle + 1 } else { high = middle }
    }
    return low > 0 ? low - 1 : nil
  }

  /// The comparisons of a binary search in `count` keys.
  private static func searchSteps(_ count: Int) -> Int { Int.bitWidth - count.leadingZeroBitCount }

  /// The place of a key in a run page; nil if it is not there.
  private func run(
    of keys: KeyVector, _ index: Int, inPage page: Int
  ) throws(HindcastError) -> Int? {
    guard let heap = keys.heap else {
      let word = keys.prefixes.span(of: UInt64.self)[index]
      let names = try runKeys.encodedPage(page)
      let end = try names.upperBound(word, in: 0..<names.node.count)
      guard end > 0, try names.word(at: end - 1) == word else { return nil }
      return end - 1
    }
    let offsets = heap.offsets.span(of: Int.self)
    let key = heap.bytes.bytes.extracting(offsets[index]..<offsets[index + 1])
    if let filters {
      let hash = hash64(key, seed: 0)
      let block = try filters.encodedPage(page).block(
        at: RunFilter.block(of: hash), byteCount: RunFilter.blockByteCount)
      guard RunFilter.mayContain(hash, block: block.bytes) else { return nil }
    }
    let names = try runKeys.encodedPage(page)
    let end = try names.upperBound(key)
    guard end > 0, try names.isEqual(at: end - 1, key) else { return nil }
    return end - 1
  }

  private func rows(ofRun run: Int, inPage page: Int) throws(HindcastError) -> Range<Int> {
    let ends = try runEnds.encodedPage(page)
    let start =
      run > 0 ? try ends.word(at: run - 1) : page > 0 ? UInt64(try lastEnd(page - 1)) : 0
    let end = try ends.word(at: run)
    guard start < end, end <= UInt64(rowCount) else {
      throw badRuns("a run ends before it starts, or outside the segment")
    }
    return Int(start)..<Int(end)
  }

  /// The last row of one record's `run` whose event time is at most `time`; nil if there is none.
  ///
  /// O(log rows) values read, of at most O(log pages) pages.
  /// - Throws: ``HindcastError`` as ``ColumnReader/page(_:)``.
  public func lastRow(
    in run: Range<Int>, atOrBefore time: Int64
  ) throws(HindcastError) -> Int? {
    let shift = eventTimes.rowShift
    if try eventTime(run.upperBound - 1) <= time { return run.upperBound - 1 }
    // The last page of which the first row of the run is not too late.
    var low = run.lowerBound >> shift
    var high = (run.upperBound - 1) >> shift
    while low < high {
      let middle = (low + high + 1) / 2
      if try eventTime(middle << shift) <= time { low = middle } else { high = middle - 1 }
    }
    let first = low << shift
    let rows = max(run.lowerBound, first) - first..<min(run.upperBound - first, 1 << shift)
    let end = try eventTimes.encodedPage(low).upperBound(UInt64(bitPattern: time), in: rows)
    return end > rows.lowerBound ? first + end - 1 : nil
  }

  private func eventTime(_ row: Int) throws(HindcastError) -> Int64 {
    let page = try eventTimes.encodedPage(row >> eventTimes.rowShift)
    return Int64(bitPattern: try page.word(at: row & (eventTimes.rowsPerPage - 1)))
  }
}

public import HindcastCore

/// A page of the run grid: the records whose rows follow one another, and where each ends.
public struct RunPage: Sendable {
  /// The records' normalised keys, strictly increasing.
  public let keys: KeyVector
  /// The row after the last of each run, `Int`, counted from the segment's start, increasing.
  public let ends: Buffer
  /// The first row of the first run.
  public let firstRow: Int
  /// The number of the first run, counted from the segment's start.
  public let firstRun: Int

  /// The number of runs.
  public var count: Int { keys.count }

  /// The rows of run `index` of the page.
  @inlinable
  public func rows(ofRun index: Int) -> Range<Int> {
    let ends = ends.span(of: Int.self)
    return (index == 0 ? firstRow : ends[index - 1])..<ends[index]
  }

  /// The row after the last one of the page's last run.
  public var endRow: Int { count == 0 ? firstRow : ends.span(of: Int.self)[count - 1] }
}

extension SegmentReader {
  /// Runs in each run page but the last.
  public var runsPerPage: Int { runKeys.rowsPerPage }

  /// The number of run pages.
  public var runPageCount: Int { runKeys.pageCount }

  /// The rows that the runs of page `index` have.
  ///
  /// Reads no page. O(1).
  /// - Throws: ``HindcastError`` as ``ColumnReader/page(_:)``.
  public func rows(ofRunPage index: Int) throws(HindcastError) -> Range<Int> {
    let end = try lastEnd(index)
    let start = index == 0 ? 0 : try lastEnd(index - 1)
    guard start < end else { throw badRuns("a page of runs has no rows") }
    return start..<end
  }

  /// The runs of page `index`, which must exist.
  /// - Throws: ``HindcastError`` as ``ColumnReader/page(_:)``, or `segment_bad_runs`.
  public func runPage(_ index: Int) throws(HindcastError) -> RunPage {
    let rows = try rows(ofRunPage: index)
    let ends = try runEnds.page(index).fixed
    try checkEnds(ends, rows, isLast: index == runPageCount - 1)
    let keys = try keyVector(try runKeys.page(index))
    guard keys.isStrictlyIncreasing else { throw badRuns("the keys of a page are not in order") }
    return RunPage(
      keys: keys, ends: ends, firstRow: rows.lowerBound, firstRun: index << runKeys.rowShift)
  }

  func lastEnd(_ index: Int) throws(HindcastError) -> Int {
    guard let zone = try runEnds.zone(index), zone.max > 0, zone.max <= rowCount else {
      throw badRuns("a page of runs ends outside the segment")
    }
    return Int(zone.max)
  }

  private func checkEnds(_ buffer: Buffer, _ rows: Range<Int>, isLast: Bool) throws(HindcastError) {
    let ends = buffer.span(of: Int.self)
    guard !ends.isEmpty, ends[0] > rows.lowerBound, ends.isStrictlyIncreasing else {
      throw badRuns("run ends do not increase")
    }
    let last = ends[ends.count - 1]
    guard last == rows.upperBound, !isLast || last == rowCount else {
      throw badRuns("a page of runs does not end where its zone says")
    }
  }

  func readFences() throws(HindcastError) -> KeyVector {
    var prefixes = MutableBuffer()
    var offsets = MutableBuffer(byteCount: 8)
    var bytes = MutableBuffer()
    for index in 0..<fenceKeys.pageCount {
      let page = try keyVector(try fenceKeys.page(index))
      prefixes.append(contentsOf: page.prefixes.bytes.extracting(0..<page.count * 8))
      guard let heap = page.heap else { continue }
      let ends = heap.offsets.span(of: Int.self)
      for key in 1...page.count { offsets.append(bytes.byteCount + ends[key]) }
      bytes.append(contentsOf: heap.bytes.bytes)
    }
    let count = prefixes.byteCount / 8
    let heap =
      keyLayout.isSingleWord
      ? nil : KeyVector.Heap(offsets: offsets.freeze(), bytes: bytes.freeze())
    let keys = KeyVector(count: count, prefixes: prefixes.freeze(), heap: heap)
    guard keys.isStrictlyIncreasing else { throw badRuns("the fences are not in order") }
    return keys
  }

  func badRuns(_ message: String) -> HindcastError {
    HindcastError(.segmentBadRuns, message, at: .init(file: path, section: "runs"))
  }

  private func keyVector(_ column: Column) throws(HindcastError) -> KeyVector {
    guard case .bytes(let offsets, let data) = column.body else {
      return KeyVector(count: column.count, prefixes: column.fixed)
    }
    let ends = offsets.span(of: Int32.self)
    var wide = MutableBuffer(byteCount: 8 * (column.count + 1))
    var target = wide.mutableSpan(of: Int.self)
    for index in target.indices { target[index] = Int(ends[index]) }
    return KeyVector(
      count: column.count, heap: .init(offsets: wide.freeze(), bytes: data))
  }
}

extension KeyVector {
  /// Whether each key is greater than the one before.
  fileprivate var isStrictlyIncreasing: Bool {
    guard count > 1 else { return true }
    if heap == nil {
      return prefixes.span(of: UInt64.self).extracting(first: count).isStrictlyIncreasing
    }
    for index in 1..<count where compare(index - 1, self, index) >= 0 { return false }
    return true
  }
}

extension Span where Element: FixedWidthInteger {
  /// Whether each number is greater than the one before: looks at all, several at a time.
  fileprivate var isStrictlyIncreasing: Bool {
    guard count > 1 else { return true }
    var faults: Element = 0
    for index in 1..<count { faults |= self[index - 1] < self[index] ? 0 : 1 }
    return faults == 0
  }
}

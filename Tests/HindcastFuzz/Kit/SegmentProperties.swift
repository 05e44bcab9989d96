import HindcastCore
import HindcastFormat

/// The property of the segment fuzzer: bytes are refused with a segment's code, or everything in
/// them can be read; what also passes `verify()` can be written again.
func checkSegment(_ file: Buffer) throws(Finding) {
  let reader: SegmentReader
  do {
    reader = try SegmentReader(
      file: MemoryFile(file), expecting: nil, cache: PageCache(byteLimit: 1 << 20),
      ignoringChecksums: true)
  } catch {
    return try expectSegmentCode(error)
  }
  let walk = SegmentWalk(reader)
  try walk.readAll()
  do {
    try reader.verify()
  } catch {
    return try expectSegmentCode(error)
  }
  try expect(walk.failures == 0, "verified, though \(walk.failures) pieces can't be read")
  try walk.checkWritesBack()
}

/// Reads a segment piece by piece, and goes on where a piece is refused.
private final class SegmentWalk {
  let reader: SegmentReader
  private(set) var failures = 0
  private var weight = 0

  init(_ reader: SegmentReader) { self.reader = reader }

  func readAll() throws(Finding) {
    for column in reader.columns { try readPages(column) }
    try attempt { () throws(HindcastError) in _ = try reader.fences() }
    for index in 0..<reader.runPageCount { try readRuns(index) }
  }

  private func readPages(_ column: ColumnReader) throws(Finding) {
    for index in 0..<column.pageCount {
      try attempt { () throws(HindcastError) in _ = try column.zone(index) }
      var page: Column?
      try attempt { () throws(HindcastError) in page = try column.page(index) }
      guard let page else {
        // Describing stops at other damage than decoding, but never traps.
        _ = try? column.describePage(index)
        continue
      }
      try page.checkForm()
      weight += page.weight
      try attempt { () throws(HindcastError) in _ = try column.describePage(index) }
      try checkPositions(column, index, page)
    }
  }

  /// Rows by position, through the cache, are those of their page.
  private func checkPositions(
    _ column: ColumnReader, _ index: Int, _ page: Column
  ) throws(Finding) {
    guard page.weight <= greatestWeight else { return }
    do {
      let start = index << column.rowShift
      for positions in Positions.samples(of: page.count, seed: index) {
        let places = Buffer(positions.map { start + Int($0) })
        let taken = try column.take(places.span(of: Int.self))
        let rows = Buffer(positions.map { UInt32($0) })
        try page.gather(rows.span(of: UInt32.self)).expectRows(of: taken, from: 0, "taken")
        try expect(taken.count == positions.count, "\(taken.count) rows of \(positions.count)")
      }
      let value = try column.value(at: start)
      try expect(value == page[0], "row \(start): \(value)")
    } catch let finding as Finding {
      throw finding
    } catch {
      throw Finding("a page that decodes is refused by position: \(error)")
    }
  }

  private func readRuns(_ index: Int) throws(Finding) {
    try attempt { () throws(HindcastError) in _ = try reader.rows(ofRunPage: index) }
    var page: RunPage?
    try attempt { () throws(HindcastError) in page = try reader.runPage(index) }
    guard let page else { return }
    let ends = page.ends.span(of: Int.self)
    try expect(ends.count == page.count, "\(ends.count) ends for \(page.count) runs")
    try expect(page.endRow <= reader.rowCount, "runs end outside the segment")
    for run in 0..<page.count {
      do {
        _ = try reader.keyLayout.decode(page.keys.bytes(run))
      } catch {
        try expect(error.code == .corrupt, "\(error.code): \(error.message)")
      }
    }
    for run in stride(from: 0, to: page.count, by: max(1, page.count / 8)) {
      try attempt { () throws(HindcastError) in
        guard let rows = try reader.rows(of: page.keys, run) else { return }
        _ = try reader.lastRow(in: rows, atOrBefore: 0)
        _ = try reader.lastRow(in: rows, atOrBefore: .max)
      }
    }
  }

  /// Runs a read that may be refused with a segment's code.
  private func attempt(_ read: () throws(HindcastError) -> Void) throws(Finding) {
    do {
      try read()
    } catch {
      failures += 1
      try expectSegmentCode(error)
    }
  }

  /// If it parsed, it serialises back.
  func checkWritesBack() throws(Finding) {
    guard weight <= greatestWeight else { return }
    do {
      let batch = try reader.batch()
      try reader.checkLookups(batch)
      let copy = try SegmentReader(
        file: MemoryFile(try written([batch], reader.schema, .fast)), expecting: nil)
      try copy.verify()
      try copy.expectRows(of: batch)
    } catch let finding as Finding {
      throw finding
    } catch let error as HindcastError where error.code == .limitExceeded {
      return
    } catch {
      throw Finding("what was read can't be written: \(error)")
    }
  }
}

extension SegmentReader {
  /// The columns of the row grid.
  var columns: [ColumnReader] {
    [eventTimes] + [createdTimes, tombstones].compactMap { $0 }
      + schema.features.compactMap { feature(id: $0.id) }
  }
}

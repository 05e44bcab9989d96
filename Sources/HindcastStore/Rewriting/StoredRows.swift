import HindcastCore
import HindcastFormat

/// The rows of a stored segment, front to back, as a sorted run.
///
/// Holds one page a column. Features are as their group has them now, whatever it was before.
final class StoredRows: BatchSource {
  private let segment: SegmentReader
  private let rowsPerBatch: Int
  private var keys: KeyScan
  private var eventTimes: ColumnScan
  private var createdTimes: ColumnScan?
  private var tombstones: ColumnScan?
  private var features: [ColumnScan]
  private var row = 0

  /// - Parameter features: those that the batches have, in order.
  init(
    _ segment: SegmentReader, features: [Field], rowsPerBatch: Int = 8_192
  ) throws(HindcastError) {
    self.segment = segment
    self.rowsPerBatch = max(1, rowsPerBatch)
    keys = KeyScan(segment)
    func scan(_ column: ColumnReader) -> ColumnScan {
      ColumnScan(FeatureColumn(column, as: column.type))
    }
    eventTimes = scan(segment.eventTimes)
    createdTimes = segment.createdTimes.map(scan)
    tombstones = segment.tombstones.map(scan)
    self.features = []
    for feature in features {
      self.features.append(ColumnScan(try segment.column(of: feature)))
    }
  }

  func next() throws(HindcastError) -> VersionBatch? {
    guard row < segment.rowCount else { return nil }
    let rows = row..<min(segment.rowCount, row + rowsPerBatch)
    row = rows.upperBound
    let times = try eventTimes.rows(rows).fixed
    let names = try keys.rows(rows, eventTimes: times)
    let created = try createdTimes?.rows(rows)
    var flags: Buffer?
    if let column = try tombstones?.rows(rows), case .bits(let bits) = column.body,
      Bits.population(bits.span(of: UInt8.self), count: rows.count) > 0
    {
      flags = bits
    }
    var columns: [Column] = []
    columns.reserveCapacity(features.count)
    for index in features.indices { columns.append(try features[index].rows(rows)) }
    return VersionBatch(
      keys: names, eventTimes: times, createdTimes: created, tombstones: flags, features: columns)
  }
}

/// Reads a column by ranges of rows that follow one another.
private struct ColumnScan {
  private let column: FeatureColumn
  private var index = -1
  private var page: Column?

  init(_ column: FeatureColumn) {
    self.column = column
  }

  mutating func rows(_ rows: Range<Int>) throws(HindcastError) -> Column {
    let pages = (rows.lowerBound >> column.rowShift)...((rows.upperBound - 1) >> column.rowShift)
    if pages.count == 1 { return try part(pages.lowerBound, rows) }
    let joined = ColumnAccumulator(type: column.type)
    for index in pages {
      let piece = try part(index, rows)
      guard joined.hasRoom(for: piece) else {
        throw HindcastError(
          .limitExceeded, "\(rows.count) rows hold more than 2 GiB of one column")
      }
      joined.append(piece, rows: 0..<piece.count)
    }
    return joined.finish()
  }

  /// The rows of page `next` that are among `rows`.
  private mutating func part(
    _ next: Int, _ rows: Range<Int>
  ) throws(HindcastError) -> Column {
    let page: Column
    if next == index, let last = self.page {
      page = last
    } else {
      page = try column.page(next)
      (self.page, index) = (page, next)
    }
    let first = next << column.rowShift
    let wanted =
      max(rows.lowerBound, first) - first..<min(rows.upperBound - first, page.count)
    return wanted == 0..<page.count ? page : page.slice(wanted)
  }
}

/// Reads the record identifiers of rows that follow one another.
private struct KeyScan {
  private let segment: SegmentReader
  private var index = -1
  private var page: RunPage?
  private var run = 0

  init(_ segment: SegmentReader) {
    self.segment = segment
  }

  /// The keys of `rows`, one a row.
  mutating func rows(_ rows: Range<Int>, eventTimes: Buffer) throws(HindcastError) -> KeyVector {
    var first = rows.lowerBound
    var joined: VersionAccumulator?
    while true {
      let part = try partOfPage(first..<rows.upperBound)
      first += part.count
      if first == rows.upperBound, joined == nil { return part }
      // The accumulator wants whole rows; of them only the keys are used.
      let batch = VersionBatch(keys: part, eventTimes: eventTimes, features: [])
      let target = joined ?? VersionAccumulator(like: batch)
      target.append(batch, rows: 0..<part.count)
      joined = target
      if first == rows.upperBound { return target.finish().keys }
    }
  }

  /// The keys of the first of `rows`, as far as their run page goes.
  private mutating func partOfPage(_ rows: Range<Int>) throws(HindcastError) -> KeyVector {
    if page.map({ rows.lowerBound >= $0.endRow }) ?? true {
      index += 1
      guard index < segment.runPageCount else {
        throw HindcastError(
          .corrupt, "the records of segment \(segment.uid) end before its rows do")
      }
      page = try segment.runPage(index)
      run = 0
    }
    guard let page else { return KeyVector(count: 0, prefixes: Buffer([UInt64]())) }
    let ends = page.ends.span(of: Int.self)
    var places: [UInt32] = []
    var row = rows.lowerBound
    let last = min(rows.upperBound, page.endRow)
    places.reserveCapacity(last - row)
    while row < last {
      while ends[run] <= row { run += 1 }
      let end = min(ends[run], last)
      places.append(contentsOf: repeatElement(UInt32(run), count: end - row))
      row = end
    }
    return page.keys.gather(places.span)
  }
}

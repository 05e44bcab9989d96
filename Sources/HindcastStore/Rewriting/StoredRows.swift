import HindcastCore
import HindcastFormat

/// The rows of a stored segment, front to back, as a sorted run.
///
/// Holds a page a column, and where pages are small those of a batch. Features are as their group
/// has them now, whatever it was before.
final class StoredRows: BatchSource {
  private let segment: SegmentReader
  private let bytesPerBatch: Int
  private var keys: KeyScan
  private var eventTimes: ColumnScan
  private var createdTimes: ColumnScan?
  private var tombstones: ColumnScan?
  private var features: [ColumnScan]
  private var row = 0

  /// A batch has no more rows.
  static let rowsPerBatch = 8_192

  /// - Parameters:
  ///   - features: those that the batches have, in order.
  ///   - bytesPerBatch: what the features of a batch take at most, and its keys about, unless it
  ///     has but one row.
  init(
    _ segment: SegmentReader, features: [Field], bytesPerBatch: Int = 8 << 20
  ) throws(HindcastError) {
    self.segment = segment
    self.bytesPerBatch = bytesPerBatch
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
    var end = min(segment.rowCount, row + Self.rowsPerBatch)
    for index in features.indices {
      end = try features[index].load(row..<end, byteLimit: bytesPerBatch)
    }
    let names = try keys.rows(row..<lastEnd(row..<end), byteLimit: bytesPerBatch)
    let rows = row..<row + names.count
    row = rows.upperBound
    let times = try eventTimes.rows(rows).fixed
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

  /// Where a batch ends whose features take no more bytes than it may have; at least one row.
  ///
  /// O(columns x log rows).
  private func lastEnd(_ rows: Range<Int>) -> Int {
    func fits(_ end: Int) -> Bool {
      features.reduce(0) { $0 + $1.byteCount(of: rows.lowerBound..<end) } <= bytesPerBatch
    }
    if fits(rows.upperBound) { return rows.upperBound }
    var (fitting, beyond) = (rows.lowerBound + 1, rows.upperBound)
    while fitting + 1 < beyond {
      let middle = (fitting + beyond) / 2
      if fits(middle) { fitting = middle } else { beyond = middle }
    }
    return fitting
  }
}

/// Reads a column by ranges of rows that follow one another.
private struct ColumnScan {
  private let column: FeatureColumn
  /// The pages from `first` on that were loaded.
  private var pages: [Column] = []
  private var first = 0

  init(_ column: FeatureColumn) {
    self.column = column
  }

  /// Loads the pages of `rows` until they hold `byteLimit`, at least one, and lets go of those
  /// before; returns the end of the rows that are there.
  mutating func load(_ rows: Range<Int>, byteLimit: Int) throws(HindcastError) -> Int {
    let start = rows.lowerBound >> column.rowShift
    pages.removeFirst(min(pages.count, start - first))
    first = start
    var byteCount = byteCount(of: rows)
    while end < rows.upperBound, pages.isEmpty || byteCount < byteLimit {
      let page = try column.page(first + pages.count)
      byteCount += page.byteCount
      pages.append(page)
    }
    return min(end, rows.upperBound)
  }

  /// The end of the rows whose pages are loaded.
  private var end: Int { (first + pages.count) << column.rowShift }

  /// The bytes of `rows`, as far as they are loaded.
  func byteCount(of rows: Range<Int>) -> Int {
    parts(of: rows).reduce(0) { $0 + $1.page.byteCount(of: $1.rows) }
  }

  mutating func rows(_ rows: Range<Int>) throws(HindcastError) -> Column {
    _ = try load(rows, byteLimit: .max)
    let parts = parts(of: rows)
    if parts.count == 1 {
      let (page, rows) = parts[0]
      return rows == 0..<page.count ? page : page.slice(rows)
    }
    let joined = ColumnAccumulator(type: column.type)
    for (page, rows) in parts { joined.append(page, rows: rows) }
    return joined.finish()
  }

  /// The loaded pages that hold some of `rows`, and which of their own rows those are.
  private func parts(of rows: Range<Int>) -> [(page: Column, rows: Range<Int>)] {
    let places = rows.lowerBound >> column.rowShift - first..<pages.count
    return places.compactMap { place in
      let start = (first + place) << column.rowShift
      let part = rows.clamped(to: start..<start + pages[place].count)
      if part.isEmpty { return nil }
      return (pages[place], part.lowerBound - start..<part.upperBound - start)
    }
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

  /// The keys of `rows`, one a row: of as many as take `byteLimit`, at least one.
  mutating func rows(_ rows: Range<Int>, byteLimit: Int) throws(HindcastError) -> KeyVector {
    var first = rows.lowerBound
    var joined: VersionAccumulator?
    while true {
      let part = try partOfPage(first..<rows.upperBound, byteLimit: byteLimit)
      first += part.count
      let isLast = first == rows.upperBound || (joined?.byteCount ?? 0) >= byteLimit
      if isLast, joined == nil { return part }
      // The accumulator wants whole rows; of them only the keys are used.
      let batch = VersionBatch(keys: part, eventTimes: part.prefixes, features: [])
      let target = joined ?? VersionAccumulator(like: batch)
      target.append(batch, rows: 0..<part.count)
      joined = target
      if isLast { return target.finish().keys }
    }
  }

  /// The keys of the first of `rows`, as far as their run page and `byteLimit` go.
  private mutating func partOfPage(
    _ rows: Range<Int>, byteLimit: Int
  ) throws(HindcastError) -> KeyVector {
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
    var bytesLeft = byteLimit
    while row < last, bytesLeft > 0 {
      while ends[run] <= row { run += 1 }
      let bytesPerKey = page.keys.byteCount(of: run..<run + 1)
      let count = min(ends[run] - row, last - row, bytesLeft / bytesPerKey + 1)
      places.append(contentsOf: repeatElement(UInt32(run), count: count))
      bytesLeft -= count * bytesPerKey
      row += count
    }
    return page.keys.gather(places.span)
  }
}

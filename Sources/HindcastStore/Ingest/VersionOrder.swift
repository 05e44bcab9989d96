import HindcastCore

/// The order of versions in a segment: record identifier, event time, created time with null first.
///
/// What is equal in all three keeps its order of arrival.
enum VersionOrder {
  /// Compares row `i` of one batch with row `j` of another of the same group, arrival left out.
  static func compare(_ a: VersionBatch, _ i: Int, _ b: VersionBatch, _ j: Int) -> Int {
    let keys = a.keys.compare(i, b.keys, j)
    if keys != 0 { return keys }
    let (x, y) = (a.eventTimes.span(of: Int64.self)[i], b.eventTimes.span(of: Int64.self)[j])
    if x != y { return x < y ? -1 : 1 }
    guard let createdA = a.createdTimes, let createdB = b.createdTimes else { return 0 }
    switch (createdA.isNull(i), createdB.isNull(j)) {
    case (true, true): return 0
    case (true, false): return -1
    case (false, true): return 1
    case (false, false):
      let x = createdA.fixed.span(of: Int64.self)[i]
      let y = createdB.fixed.span(of: Int64.self)[j]
      return x == y ? 0 : x < y ? -1 : 1
    }
  }

  /// Whether the rows of a batch are in order already.
  ///
  /// O(rows).
  static func isSorted(_ batch: VersionBatch) -> Bool {
    let prefixes = batch.keys.prefixes.span(of: UInt64.self)
    let times = batch.eventTimes.span(of: Int64.self)
    let isWholeKey = batch.keys.heap == nil
    for row in 1..<max(1, batch.count) {
      if prefixes[row - 1] < prefixes[row] { continue }
      if isWholeKey, prefixes[row - 1] == prefixes[row], times[row - 1] < times[row] { continue }
      if compare(batch, row - 1, batch, row) > 0 { return false }
    }
    return true
  }

  /// A batch's rows in order; the batch itself if they are.
  ///
  /// O(rows x (columns + digits that differ) + bytes).
  static func sorted(_ batch: VersionBatch) throws(HindcastError) -> VersionBatch {
    if isSorted(batch) { return batch }
    let rows = order(batch.withoutFeatures)
    return try batch.gather(rows.span(of: UInt32.self))
  }

  /// Some rows of one of several batches.
  struct Part {
    let batch: Int
    let rows: Range<Int>
  }

  /// The places of parts of batches in order (``RowPlace`` each).
  ///
  /// O(rows x digits that differ).
  /// - Parameters:
  ///   - parts: in order of arrival.
  ///   - timesAscend: whether each record's rows are in order as they are given.
  static func places(
    _ parts: [Part], of batches: [VersionBatch], timesAscend: Bool = false
  ) -> Buffer {
    let all = VersionAccumulator(like: batches[0].withoutFeatures)
    for part in parts { all.append(batches[part.batch].withoutFeatures, rows: part.rows) }
    let order = order(all.finish(), timesAscend: timesAscend)
    return places(order.span(of: UInt32.self), among: parts)
  }

  /// Where rows are that are numbered through all parts.
  private static func places(_ rows: Span<UInt32>, among parts: [Part]) -> Buffer {
    var numbered = MutableBuffer(byteCount: 8 * rows.count)
    var places = numbered.mutableSpan(of: RowPlace.self)
    var start = 0
    for part in parts {
      for index in part.rows.indices {
        places[start &+ index &- part.rows.lowerBound] = RowPlace(batch: part.batch, row: index)
      }
      start += part.rows.count
    }
    var result = MutableBuffer(byteCount: 8 * rows.count)
    var target = result.mutableSpan(of: RowPlace.self)
    for index in rows.indices { target[index] = places[Int(rows[index])] }
    return result.freeze()
  }

  /// The rows of a batch in order (`UInt32` each).
  ///
  /// O(rows x digits that differ).
  /// - Parameter timesAscend: whether each record's rows are in order as they are given.
  static func order(_ batch: VersionBatch, timesAscend: Bool = false) -> Buffer {
    var sorter = RadixSorter(count: batch.count)
    if !timesAscend { sortByTimes(batch, &sorter) }
    let prefixes = batch.keys.prefixes.span(of: UInt64.self)
    sorter.sort(by: prefixes)
    if let heap = batch.keys.heap { sorter.refine(prefixes, by: heap) }
    return sorter.order()
  }

  private static func sortByTimes(_ batch: VersionBatch, _ sorter: inout RadixSorter) {
    let sign: UInt64 = 1 << 63
    if let created = batch.createdTimes {
      sorter.sort(by: createdWords(created).span(of: UInt64.self), flip: sign)
      if let validity = created.validity { sorter.partition(by: validity.span(of: UInt8.self)) }
    }
    sorter.sort(by: batch.eventTimes.span(of: UInt64.self), flip: sign)
  }

  /// Created times, those that are null all alike.
  private static func createdWords(_ column: Column) -> Buffer {
    guard let validity = column.validity else { return column.fixed }
    var words = MutableBuffer(byteCount: 8 * column.count)
    var target = words.mutableSpan(of: UInt64.self)
    let source = column.fixed.span(of: UInt64.self)
    let valid = validity.span(of: UInt8.self)
    for row in 0..<column.count where Bits.get(valid, row) { target[row] = source[row] }
    return words.freeze()
  }
}

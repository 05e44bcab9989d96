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

  /// The places of several batches' rows in order (``RowPlace`` each); the batches are in order of
  /// arrival.
  ///
  /// O(rows x digits that differ).
  static func places(_ batches: [VersionBatch]) -> Buffer {
    let all = VersionAccumulator(like: batches[0].withoutFeatures)
    var arrived = MutableBuffer()
    arrived.reserve(additional: batches.reduce(0) { $0 + $1.count } * 8)
    for (index, batch) in batches.enumerated() {
      all.append(batch.withoutFeatures, rows: 0..<batch.count)
      for row in 0..<batch.count { arrived.append(RowPlace(batch: index, row: row)) }
    }
    let order = order(all.finish())
    let (rows, places) = (order.span(of: UInt32.self), arrived.span(of: RowPlace.self))
    var result = MutableBuffer(byteCount: 8 * rows.count)
    var target = result.mutableSpan(of: RowPlace.self)
    for index in rows.indices { target[index] = places[Int(rows[index])] }
    return result.freeze()
  }

  /// The rows of a batch in order (`UInt32` each).
  ///
  /// O(rows x digits that differ).
  static func order(_ batch: VersionBatch) -> Buffer {
    let sign: UInt64 = 1 << 63
    var sorter = RadixSorter(count: batch.count)
    if let created = batch.createdTimes {
      sorter.sort(by: createdWords(created).span(of: UInt64.self), flip: sign)
      if let validity = created.validity { sorter.partition(by: validity.span(of: UInt8.self)) }
    }
    sorter.sort(by: batch.eventTimes.span(of: UInt64.self), flip: sign)
    sorter.sort(by: batch.keys.prefixes.span(of: UInt64.self))
    if let heap = batch.keys.heap { sorter.refine(by: heap) }
    return sorter.order()
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

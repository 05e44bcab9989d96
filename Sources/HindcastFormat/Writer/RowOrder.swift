import HindcastCore

/// Checks that rows come in segment order, and finds where records begin.
struct RowOrder {
  private var last: LastRow?

  /// The last row of the batch before.
  private struct LastRow {
    var key: KeyVector
    var eventTime: Int64
    var createdTime: Int64?
  }

  /// The rows (`Int`) of a batch at which another record than the row before begins.
  /// - Throws: ``HindcastError`` (`invalid_argument`) at a row that is out of order.
  mutating func runStarts(_ batch: VersionBatch) throws(HindcastError) -> Buffer {
    var starts = MutableBuffer()
    let times = batch.eventTimes.span(of: Int64.self)
    if let last {
      let step = last.key.compare(0, batch.keys, 0)
      if step != 0 { starts.append(0) }
      let isOrdered =
        step < 0
        || step == 0
          && Self.isOrdered(
            last.eventTime, last.createdTime, times[0], Self.createdTime(batch, 0))
      guard isOrdered else { throw Self.disorder(0) }
    } else {
      starts.append(0)
    }
    if let row = Self.scan(batch, times, &starts) { throw Self.disorder(row) }
    let end = batch.count - 1
    last = LastRow(
      key: batch.keys.single(end), eventTime: times[end],
      createdTime: Self.createdTime(batch, end))
    return starts.freeze()
  }

  /// Adds the starts of runs after row 0; returns a row that is out of order.
  private static func scan(
    _ batch: VersionBatch, _ times: Span<Int64>, _ starts: inout MutableBuffer
  ) -> Int? {
    let keys = batch.keys
    let prefixes = keys.prefixes.span(of: UInt64.self)
    let isWord = keys.heap == nil
    for row in 1..<batch.count {
      var step = prefixes[row - 1] < prefixes[row] ? -1 : 1
      if prefixes[row - 1] == prefixes[row] {
        step = isWord ? 0 : keys.compare(row - 1, keys, row)
      }
      if step < 0 {
        starts.append(row)
      } else if step > 0 || times[row - 1] > times[row] {
        return row
      } else if times[row - 1] == times[row], batch.createdTimes != nil,
        !isOrdered(0, createdTime(batch, row - 1), 0, createdTime(batch, row))
      {
        return row
      }
    }
    return nil
  }

  private static func createdTime(_ batch: VersionBatch, _ row: Int) -> Int64? {
    guard let column = batch.createdTimes, !column.isNull(row) else { return nil }
    return column.fixed.span(of: Int64.self)[row]
  }

  /// Whether a row may stand before another of the same record.
  static func isOrdered(
    _ aTime: Int64, _ aCreated: Int64?, _ bTime: Int64, _ bCreated: Int64?
  ) -> Bool {
    if aTime != bTime { return aTime < bTime }
    guard let aCreated else { return true }
    guard let bCreated else { return false }
    return aCreated <= bCreated
  }

  private static func disorder(_ row: Int) -> HindcastError {
    HindcastError(
      .invalidArgument,
      "rows must come ordered by record, event time and created time; this goes before the last",
      at: .init(row: row + 1))
  }
}

extension KeyVector {
  /// A vector of key `index` alone.
  fileprivate func single(_ index: Int) -> KeyVector {
    let prefix = Buffer([prefixes.span(of: UInt64.self)[index]])
    guard heap != nil else { return KeyVector(count: 1, prefixes: prefix) }
    let key = bytes(index)
    return KeyVector(
      count: 1, prefixes: prefix,
      heap: Heap(offsets: Buffer([0, key.count]), bytes: Buffer(key)))
  }
}

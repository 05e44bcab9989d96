import HindcastCore

/// Sorted rows, of which those that are equal in record, event time and created time become one:
/// the last that arrived, since it wins over the others whatever is asked (rule O1).
final class LastArrivals: BatchSource {
  private let source: any BatchSource
  private var current: VersionBatch?
  private var hasStarted = false

  init(_ source: any BatchSource) {
    self.source = source
  }

  func next() throws(HindcastError) -> VersionBatch? {
    if !hasStarted {
      current = try source.next()
      hasStarted = true
    }
    // The last row of a batch may be equal to the first of the next.
    while let batch = current {
      current = try source.next()
      let rows = Self.kept(batch, before: current)
      if rows.count == batch.count { return batch }
      if !rows.isEmpty { return try batch.gather(rows.span) }
    }
    return nil
  }

  private static func kept(_ batch: VersionBatch, before next: VersionBatch?) -> [UInt32] {
    var rows: [UInt32] = []
    rows.reserveCapacity(batch.count)
    let times = batch.eventTimes.span(of: Int64.self)
    for row in 0..<batch.count - 1
    where times[row] != times[row + 1] || VersionOrder.compare(batch, row, batch, row + 1) != 0 {
      rows.append(UInt32(row))
    }
    let last = batch.count - 1
    if let next, VersionOrder.compare(batch, last, next, 0) == 0 { return rows }
    rows.append(UInt32(last))
    return rows
  }
}

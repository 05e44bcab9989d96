import HindcastCore

/// The columns of a batch while they are filled, row by row.
final class BatchFill {
  let columns: [ColumnFill]
  private let times: Int
  private let capacity: Int

  /// Starts an empty batch of at most `capacity` rows; `timeColumn` and the first column order it
  /// in ``takeByTime(_:)``.
  init(_ fields: [DatasetField], timeColumn: Int, capacity: Int = .max) {
    columns = fields.map { ColumnFill($0.type) }
    times = timeColumn
    self.capacity = capacity
  }

  var count: Int { columns.last?.count ?? 0 }

  var isFull: Bool { count >= capacity }

  /// The batch so far, in the order of its rows.
  func take() -> [Column] { columns.map { $0.take() } }

  /// Hands out the batch so far in the order of its times, ties by the first column then by place,
  /// in parts of at most `batchRows` rows.
  func takeByTime<E: Error>(
    batchRows: Int, _ sink: ([Column]) throws(E) -> Void
  ) throws(E) {
    guard count > 0 else { return }
    let batch = take()
    let order = Self.order(batch[times].fixed, batch[0].fixed)
    for start in stride(from: 0, to: order.count, by: batchRows) {
      let part = order.span.extracting(start..<min(start + batchRows, order.count))
      var columns: [Column] = []
      for column in batch { columns.append(gathered(column, part)) }
      try sink(columns)
    }
  }

  private static func order(_ times: Buffer, _ keys: Buffer) -> [Int] {
    let times = times.array(of: Int64.self)
    let keys = keys.array(of: Int64.self)
    return times.indices.sorted { (times[$0], keys[$0], $0) < (times[$1], keys[$1], $1) }
  }
}

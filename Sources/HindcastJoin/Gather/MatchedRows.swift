import HindcastCore

/// The rows that gathering fetches, segment by segment, ascending: made once for all features.
package struct MatchedRows: Sendable {
  /// Those of one segment.
  struct Part: Sendable {
    /// The label of each row.
    var labels: [Int32] = []
    var rows: [Int] = []
  }

  let labelCount: Int
  /// By segment.
  let parts: [Part]

  /// The winners of labels that matched.
  ///
  /// O(labels); a sort where a strategy did not find rows in their order.
  init(_ resolution: Resolution, segmentCount: Int) {
    labelCount = resolution.labelCount
    var parts = Array(repeating: Part(), count: segmentCount)
    for entry in resolution.labels.indices {
      let label = resolution.labels[entry]
      guard resolution.outcomes[Int(label)] == .matched else { continue }
      let segment = Int(resolution.segments[entry])
      parts[segment].labels.append(label)
      parts[segment].rows.append(resolution.rows[entry])
    }
    for index in parts.indices { parts[index].sort() }
    self.parts = parts
  }
}

extension MatchedRows.Part {
  fileprivate mutating func sort() {
    guard !zip(rows, rows.dropFirst()).allSatisfy({ $0 <= $1 }) else { return }
    let order = RadixSort.sorted(rows.indices.map { Int32($0) }, by: rows.map { UInt64($0) })
    labels = order.map { labels[Int($0)] }
    rows = order.map { rows[Int($0)] }
  }
}

import HindcastCore
import HindcastFormat

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
  /// A bit for each label, set where it has a row.
  let labelBits: Buffer
  /// How many rows there are.
  let count: Int

  /// Whether values are read by themselves rather than with their pages, as a rule.
  var isSparse: Bool {
    let span = parts.reduce(0) { $0 + ($1.rows.last ?? 0) - ($1.rows.first ?? 0) }
    return span / Gather.rowsForOneTaken >= count
  }

  /// The winners of labels that matched.
  ///
  /// O(labels); a sort where a strategy did not find rows in their order.
  init(_ resolution: Resolution, segmentCount: Int) {
    var parts = Array(repeating: Part(), count: segmentCount)
    for entry in resolution.labels.indices {
      let label = resolution.labels[entry]
      guard resolution.outcomes[Int(label)] == .matched else { continue }
      let segment = Int(resolution.segments[entry])
      parts[segment].labels.append(label)
      parts[segment].rows.append(resolution.rows[entry])
    }
    for index in parts.indices { parts[index].sort() }
    self.init(labelCount: resolution.labelCount, parts: parts)
  }

  /// - Parameter parts: with each label once at most.
  private init(labelCount: Int, parts: [Part]) {
    self.labelCount = labelCount
    self.parts = parts
    count = parts.reduce(0) { $0 + $1.rows.count }
    var bits = MutableBuffer(byteCount: Bits.byteCount(labelCount))
    var target = bits.mutableSpan(of: UInt8.self)
    for part in parts { for label in part.labels { Bits.set(&target, Int(label)) } }
    labelBits = bits.freeze()
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

extension MatchedRows {
  /// The same rows in about `count` pieces of like size, whose labels are numbered from 0 in the
  /// order of the rows.
  ///
  /// No two have rows of the same page, whatever the feature; itself where that makes only one.
  func pieces(_ count: Int) -> [MatchedRows] {
    let size = max(1, (self.count + count - 1) / count)
    var pieces: [MatchedRows] = []
    var piece = Array(repeating: Part(), count: parts.count)
    var filled = 0
    for (segment, part) in parts.enumerated() {
      var start = 0
      while start < part.rows.count {
        let end = part.end(from: start, atLeast: size - filled)
        piece[segment].rows = Array(part.rows[start..<end])
        piece[segment].labels = (0..<end - start).map { Int32(filled + $0) }
        filled += end - start
        start = end
        guard filled >= size else { continue }
        pieces.append(MatchedRows(labelCount: filled, parts: piece))
        piece = Array(repeating: Part(), count: parts.count)
        filled = 0
      }
    }
    if filled > 0 { pieces.append(MatchedRows(labelCount: filled, parts: piece)) }
    return pieces.count > 1 ? pieces : [self]
  }

  /// The rows of some labels, which are numbered anew: `place` gives the number that a label has
  /// then, or nil; none has one of `count` or more.
  ///
  /// O(rows).
  func restricted(to count: Int, _ place: (Int32) -> Int32?) -> MatchedRows {
    MatchedRows(
      labelCount: count,
      parts: parts.map { part in
        var kept = Part()
        for (label, row) in zip(part.labels, part.rows) {
          guard let place = place(label) else { continue }
          kept.labels.append(place)
          kept.rows.append(row)
        }
        return kept
      })
  }

  /// The place of each label's row among all rows; that behind the last for labels without one.
  func places() -> [UInt32] {
    var places = [UInt32](repeating: UInt32(count), count: labelCount)
    var place: UInt32 = 0
    for part in parts {
      for label in part.labels {
        places[Int(label)] = place
        place += 1
      }
    }
    return places
  }
}

extension MatchedRows.Part {
  /// Where a stretch of `count` rows or a few more ends, so that none of its pages goes on.
  fileprivate func end(from start: Int, atLeast count: Int) -> Int {
    var end = min(start + count, rows.count)
    while end < rows.count,
      rows[end] / ColumnReader.mostRowsPerPage == rows[end - 1] / ColumnReader.mostRowsPerPage
    {
      end += 1
    }
    return end
  }
}

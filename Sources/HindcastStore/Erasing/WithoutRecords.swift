import HindcastCore

/// Sorted rows without those of some records.
final class WithoutRecords: BatchSource {
  private let source: any BatchSource
  private let keys: KeyVector
  private var place = 0

  /// - Parameter keys: the records; sorted.
  init(_ source: any BatchSource, _ keys: KeyVector) {
    self.source = source
    self.keys = keys
  }

  func next() throws(HindcastError) -> VersionBatch? {
    while let batch = try source.next() {
      var rows: [UInt32] = []
      rows.reserveCapacity(batch.count)
      for row in 0..<batch.count {
        while place < keys.count, keys.compare(place, batch.keys, row) < 0 { place += 1 }
        if place < keys.count, keys.compare(place, batch.keys, row) == 0 { continue }
        rows.append(UInt32(row))
      }
      if rows.count == batch.count { return batch }
      if !rows.isEmpty { return try batch.gather(rows.span) }
    }
    return nil
  }
}

extension VersionBatch {
  /// The rows but those of erased records, in any order.
  ///
  /// O(rows x erasures).
  func without(_ erasures: [ErasureRecord]) throws(HindcastError) -> VersionBatch {
    if erasures.isEmpty { return self }
    var known: [[UInt8]: Bool] = [:]
    var rows: [UInt32] = []
    for row in 0..<count {
      let key = keys.bytes(row)
      let isErased = known[key] ?? erasures.contains { erasure in erasure.records.contains(key) }
      known[key] = isErased
      if !isErased { rows.append(UInt32(row)) }
    }
    return rows.count == count ? self : try gather(rows.span)
  }
}

extension KeyVector {
  /// Whether a key is that of an erased record.
  ///
  /// O(keys x erasures).
  func holdsAny(of erasures: [ErasureRecord]) -> Bool {
    (0..<count).contains { index in
      let key = bytes(index)
      return erasures.contains { $0.records.contains(key) }
    }
  }

  /// The keys in order, each once.
  ///
  /// O(keys x log keys).
  func sortedAndUnique() -> KeyVector {
    var order = (0..<UInt32(count)).sorted { compare(Int($0), self, Int($1)) < 0 }
    var kept = 0
    for place in order.indices {
      if kept > 0, compare(Int(order[kept - 1]), self, Int(order[place])) == 0 { continue }
      order[kept] = order[place]
      kept += 1
    }
    order.removeLast(order.count - kept)
    return gather(order.span)
  }
}

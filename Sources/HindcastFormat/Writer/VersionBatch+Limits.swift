package import HindcastCore

extension VersionBatch {
  /// Refuses rows that no segment can hold, before anyone relies on them.
  ///
  /// O(columns); O(rows x columns) for batches that are large enough to hold such a row.
  /// - Throws: `limit_exceeded` with the first such row, counted from one.
  package func checkLimits(_ group: FeatureGroup) throws(HindcastError) {
    var first: (row: Int, feature: Int?)?
    if let row = keys.rowsOverLimit.first { first = (row, nil) }
    for index in features.indices {
      guard let row = features[index].rowsOverLimit.first, row < first?.row ?? .max else {
        continue
      }
      first = (row, index)
    }
    guard let (row, feature) = first else { return }
    let reason =
      feature == nil
      ? "a record identifier \(KeyVector.overLimitReason)" : "a value \(Column.overLimitReason)"
    let column = feature.map { group.features[$0].name } ?? group.recordIdentifiers.first?.name
    throw HindcastError(.limitExceeded, reason, at: .init(row: row + 1, column: column))
  }
}

extension KeyVector {
  /// What is wrong with ``rowsOverLimit``.
  package static let overLimitReason = "takes more than \(Limits.keyByteCount >> 10) KiB"

  /// The rows whose keys are too large for a segment.
  ///
  /// O(1) for keys that are too small in all, else O(rows).
  package var rowsOverLimit: [Int] {
    guard let heap, heap.bytes.byteCount > Limits.keyByteCount else { return [] }
    let ends = heap.offsets.span(of: Int.self)
    return (0..<count).filter { ends[$0 + 1] - ends[$0] > Limits.keyByteCount }
  }
}

extension Column {
  /// What is wrong with ``rowsOverLimit``.
  package static let overLimitReason = "takes more than \(Limits.valueByteCount >> 20) MiB"

  /// The rows that hold a value which is too large for a segment, all elements of a list together.
  ///
  /// O(1) for columns that are too small to hold one, else O(rows).
  package var rowsOverLimit: [Int] {
    switch body {
    case .bits, .fixed: return []
    case .bytes(let offsets, _): return rows(offsets.span(of: Int32.self), width: 1)
    case .list(let offsets, let child):
      let ends = offsets.span(of: Int32.self)
      guard case .bytes(let texts, _) = child.body else {
        return rows(ends, width: child.type.leastByteCount)
      }
      let bytes = texts.span(of: Int32.self)
      guard Int(bytes[child.count]) > Limits.valueByteCount else { return [] }
      return (0..<count).filter {
        Int(bytes[Int(ends[$0 + 1])] - bytes[Int(ends[$0])]) > Limits.valueByteCount
      }
    }
  }

  private func rows(_ ends: Span<Int32>, width: Int) -> [Int] {
    guard Int(ends[count] - ends[0]) * width > Limits.valueByteCount else { return [] }
    return (0..<count).filter { Int(ends[$0 + 1] - ends[$0]) * width > Limits.valueByteCount }
  }
}

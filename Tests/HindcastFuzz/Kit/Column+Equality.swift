import HindcastCore

extension Column {
  /// Throws unless `other` has the rows of this column from `start` on; what lies under nulls may
  /// differ.
  ///
  /// O(rows of `other` + bytes).
  func expectRows(of other: Column, from start: Int, _ what: String) throws(Finding) {
    try expect(other.type == type, "\(what): \(other.type), not \(type)")
    try expect(start + other.count <= count, "\(what): more rows than there are")
    for row in 0..<other.count where !isEqual(start + row, other, row) {
      throw Finding(
        "\(what), row \(start + row): \(other[row]) instead of \(self[start + row])")
    }
  }

  /// Whether a row is bit for bit that of another column of the same type, or both are null.
  private func isEqual(_ row: Int, _ other: Column, _ otherRow: Int) -> Bool {
    if isNull(row) || other.isNull(otherRow) { return isNull(row) && other.isNull(otherRow) }
    switch (body, other.body) {
    case (.bits(let a), .bits(let b)):
      return Bits.get(a.span(of: UInt8.self), row) == Bits.get(b.span(of: UInt8.self), otherRow)
    case (.fixed(let a), .fixed(let b)):
      guard case .fixed(let width) = type.layout else { return false }
      return areEqual(
        a.bytes.extracting(row * width..<(row + 1) * width),
        b.bytes.extracting(otherRow * width..<(otherRow + 1) * width))
    case (.bytes(let aEnds, let a), .bytes(let bEnds, let b)):
      return areEqual(
        a.bytes.extracting(Self.range(aEnds, row)), b.bytes.extracting(Self.range(bEnds, otherRow)))
    case (.list(let aEnds, let a), .list(let bEnds, let b)):
      let (rows, otherRows) = (Self.range(aEnds, row), Self.range(bEnds, otherRow))
      return rows.count == otherRows.count
        && zip(rows, otherRows).allSatisfy { a.isEqual($0, b, $1) }
    default: return false
    }
  }

  private static func range(_ offsets: Buffer, _ row: Int) -> Range<Int> {
    let ends = offsets.span(of: Int32.self)
    return Int(ends[row])..<Int(ends[row + 1])
  }
}

/// Whether two stretches of memory hold the same bytes.
func areEqual(_ a: RawSpan, _ b: RawSpan) -> Bool {
  guard a.byteCount == b.byteCount else { return false }
  for offset in a.byteOffsets {
    let (x, y) = unsafe (
      a.unsafeLoad(fromByteOffset: offset, as: UInt8.self),
      b.unsafeLoad(fromByteOffset: offset, as: UInt8.self)
    )
    if x != y { return false }
  }
  return true
}

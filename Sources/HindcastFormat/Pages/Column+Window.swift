import HindcastCore

extension Column {
  /// Rows of this column that share its memory; nil where they can't: byte strings and lists, whose
  /// offsets start at 0, and bits that do not start at a byte.
  ///
  /// O(rows / 8) if there are nulls, else O(1).
  func window(_ rows: Range<Int>) -> Column? {
    let isAtByte = rows.lowerBound & 7 == 0
    guard isAtByte || validity == nil else { return nil }
    let body: Body
    switch (self.body, type.layout) {
    case (.fixed(let values), .fixed(let width)):
      body = .fixed(lend(values, rows.lowerBound * width..<rows.upperBound * width))
    case (.bits(let bits), _) where isAtByte: body = .bits(lendBits(bits, rows))
    default: return nil
    }
    let bits = validity.map { lendBits($0, rows) }
    let ones = bits.map { Bits.population($0.span(of: UInt8.self), count: rows.count) }
    return Column(
      type: type, count: rows.count, nullCount: rows.count - (ones ?? rows.count), validity: bits,
      body: body)
  }
}

/// The bytes of a bit map that hold `rows`, which start at a byte.
private func lendBits(_ bits: Buffer, _ rows: Range<Int>) -> Buffer {
  lend(bits, rows.lowerBound >> 3..<Bits.byteCount(rows.upperBound))
}

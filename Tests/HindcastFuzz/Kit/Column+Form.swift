import HindcastCore

extension Column {
  /// Checks all that a column promises of its buffers; see ``Column``.
  ///
  /// O(rows + elements).
  func checkForm() throws(Finding) {
    if let validity {
      let nulls = count - Bits.population(validity.span(of: UInt8.self), count: count)
      try expect(nulls == nullCount, "\(type): \(nulls) nulls, not \(nullCount)")
    } else {
      try expect(nullCount == 0, "\(type): nulls without a bit map")
    }
    switch body {
    case .bits(let bits):
      try expect(bits.byteCount >= Bits.byteCount(count), "\(type): bits are missing")
    case .fixed(let values):
      guard case .fixed(let width) = type.layout else { throw Finding("\(type): not fixed") }
      try expect(values.byteCount >= width * count, "\(type): values are missing")
    case .bytes(let offsets, let data):
      try checkOffsets(offsets, end: data.byteCount)
    case .list(let offsets, let child):
      try expect(child.type == type.element, "\(type): elements of \(child.type)")
      try checkOffsets(offsets, end: child.count)
      try child.checkForm()
    }
  }

  private func checkOffsets(_ buffer: Buffer, end: Int) throws(Finding) {
    try expect(buffer.byteCount >= 4 * (count + 1), "\(type): offsets are missing")
    let offsets = buffer.span(of: Int32.self)
    try expect(offsets[0] == 0, "\(type): offsets start at \(offsets[0])")
    try expect(Int(offsets[count]) == end, "\(type): offsets end at \(offsets[count]), not \(end)")
    for row in 0..<count {
      let length = offsets[row + 1] &- offsets[row]
      try expect(length >= 0, "\(type): offsets fall at row \(row)")
      try expect(length == 0 || !isNull(row), "\(type): the null of row \(row) has a length")
    }
  }

  /// The values that the column holds, elements of lists and bytes of texts counted one by one.
  var weight: Int {
    switch body {
    case .bits, .fixed: count
    case .bytes(_, let data): count + data.byteCount
    case .list(_, let child): count + child.weight
    }
  }
}

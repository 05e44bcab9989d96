package import HindcastCore

extension Column {
  /// The lists of this column as sets, sorted and unique: numbers and times by value, text and
  /// binary bytewise, floats by the total order of IEEE 754 (so that NaN and -0.0 have a place).
  ///
  /// `rowWithNull` is the first row that holds a null element, which a set can't.
  package func sortedAsSets() -> (column: Column, rowWithNull: Int?) {
    guard case .list(let offsets, let child) = body else { return (self, nil) }
    let ends = offsets.span(of: Int32.self)
    var elements: [Int32] = []
    var newEnds: [Int32] = [0]
    var isChanged = false
    for row in 0..<count {
      let range = ends[row]..<ends[row + 1]
      if range.contains(where: { child.isNull(Int($0)) }) { return (self, row) }
      if range.dropFirst().allSatisfy({ child.isLess($0 - 1, $0) }) {
        elements += range
      } else {
        isChanged = true
        elements += child.sortedUnique(range)
      }
      newEnds.append(Int32(elements.count))
    }
    let setType = DataType.set(type.element ?? .bool)
    guard isChanged else { return (reinterpreted(as: setType), nil) }
    let column = Column(
      type: setType, count: count, nullCount: nullCount, validity: validity,
      body: .list(offsets: Buffer(newEnds), child: child.taking(elements)))
    return (column, nil)
  }

  private func sortedUnique(_ range: Range<Int32>) -> [Int32] {
    var unique: [Int32] = []
    for index in range.sorted(by: { isLess($0, $1) }) {
      if let last = unique.last, !isLess(last, index) { continue }
      unique.append(index)
    }
    return unique
  }

  private func isLess(_ a: Int32, _ b: Int32) -> Bool {
    switch (self[Int(a)], self[Int(b)]) {
    case (.bool(let x), .bool(let y)): !x && y
    case (.integer(let x), .integer(let y)): x < y
    case (.bytes(let x), .bytes(let y)): x.lexicographicallyPrecedes(y)
    case (.float32(let x), .float32(let y)):
      totalOrder(Int32(bitPattern: x)) < totalOrder(Int32(bitPattern: y))
    case (.float64(let x), .float64(let y)):
      totalOrder(Int64(bitPattern: x)) < totalOrder(Int64(bitPattern: y))
    default: false
    }
  }
}

/// Float bits as an integer that sorts like the total order.
private func totalOrder<Bits: FixedWidthInteger & SignedInteger>(_ bits: Bits) -> Bits {
  bits < 0 ? bits ^ Bits.max : bits
}

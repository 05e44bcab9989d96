import HindcastCore

/// Brings lists into the form of sets: sorted, each value once (rule D3).
enum SetNormalizer {
  /// The sets of a column of lists, and the rows whose list holds a null, which no set can.
  static func normalize(
    _ column: Column, as type: DataType
  ) throws(HindcastError) -> (Column, rowsWithNull: [Int]) {
    guard case .list(_, let child) = column.body, let element = type.element else {
      return (column, [])
    }
    var builder = ColumnBuilder(type: type)
    var rowsWithNull: [Int] = []
    for row in 0..<column.count {
      guard case .list(let elements) = column[row] else {
        try builder.append(.null)
        continue
      }
      if child.nullCount > 0, elements.contains(.null) {
        rowsWithNull.append(row)
        try builder.append(.null)
      } else {
        try builder.append(.list(unique(elements, element)))
      }
    }
    return (try builder.finish(), rowsWithNull)
  }

  private static func unique(_ elements: [Value], _ type: DataType) -> [Value] {
    var result: [Value] = []
    for value in elements.sorted(by: precedes) where value != result.last { result.append(value) }
    return result
  }

  /// A total order of the values of one type: numbers by size, texts by bytes, floats by IEEE 754's
  /// totalOrder.
  private static func precedes(_ a: Value, _ b: Value) -> Bool {
    switch (a, b) {
    case (.bool(let x), .bool(let y)): !x && y
    case (.integer(let x), .integer(let y)): x < y
    case (.float32(let x), .float32(let y)):
      x != y && Float(bitPattern: x).isTotallyOrdered(belowOrEqualTo: Float(bitPattern: y))
    case (.float64(let x), .float64(let y)):
      x != y && Double(bitPattern: x).isTotallyOrdered(belowOrEqualTo: Double(bitPattern: y))
    case (.bytes(let x), .bytes(let y)): x.lexicographicallyPrecedes(y)
    default: false
    }
  }
}

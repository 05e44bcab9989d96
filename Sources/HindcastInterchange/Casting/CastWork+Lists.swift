import HindcastCore

extension CastWork {
  /// Lists, sets and vectors as each other, the elements cast as well.
  mutating func lists(_ source: Column, to target: DataType) throws(HindcastError) -> Column {
    let list = source.vectorsAsLists()
    guard case .list(let offsets, let child) = list.body, let wanted = target.element else {
      return source
    }
    let (elements, refused) = try elements(child, to: wanted, offsets, list)
    let cast = Column(
      type: .list(wanted), count: list.count, nullCount: list.nullCount, validity: list.validity,
      body: .list(offsets: offsets, child: elements)
    ).nulling(refused)
    switch target {
    case .vector(let dimension): return vectors(cast, dimension: dimension)
    case .set: return sets(cast)
    default: return cast
    }
  }

  /// The elements as another type, and the rows that hold a refused one.
  private mutating func elements(
    _ child: Column, to wanted: DataType, _ offsets: Buffer, _ list: Column
  ) throws(HindcastError) -> (Column, [Int32]) {
    var inner = CellProblems()
    let cast = try child.cast(to: wanted, named: name, options: options, problems: &inner)
    guard !inner.isEmpty else { return (cast, []) }
    let ends = offsets.span(of: Int32.self)
    var refused: [Int32] = []
    for row in 0..<list.count {
      let bad = (ends[row]..<ends[row + 1]).first { inner.reasonByBatchRow[Int($0)] != nil }
      guard let bad else { continue }
      refused.append(Int32(row))
      let reason = "holds an element that can't be taken: \(inner.reasonByBatchRow[Int(bad)] ?? "")"
      report([Int32(row)], list) { _ in reason }
    }
    return (cast, refused)
  }

  private mutating func sets(_ list: Column) -> Column {
    guard case .list(let offsets, let child) = list.body else { return list }
    let ends = offsets.span(of: Int32.self)
    var refused: [Int32] = []
    if child.nullCount > 0 {
      for row in 0..<list.count
      where (ends[row]..<ends[row + 1]).contains(where: { child.isNull(Int($0)) }) {
        refused.append(Int32(row))
      }
    }
    report(refused, list) { _ in "holds null, which a set can't" }
    return list.nulling(refused).sortedAsSets().column
  }

  private mutating func vectors(_ list: Column, dimension: Int) -> Column {
    guard case .list(let offsets, let child) = list.body else { return list }
    let ends = offsets.span(of: Int32.self)
    let values = child.fixed.span(of: Float.self)
    var target = MutableBuffer(byteCount: list.count * dimension * 4)
    var refused: [Int32] = []
    for row in 0..<list.count where !list.isNull(row) {
      let range = Int(ends[row])..<Int(ends[row + 1])
      if range.count == dimension, range.allSatisfy({ !child.isNull($0) }) {
        target.copy(values.extracting(range), to: row * dimension * 4)
      } else {
        refused.append(Int32(row))
      }
    }
    report(refused, list) { row in
      let count = ends[row + 1] - ends[row]
      return Int(count) == dimension
        ? "holds null, which a vector can't"
        : "has \(count) elements, the vector has \(dimension)"
    }
    let column = Column(
      type: .vector(dimension: dimension), count: list.count, nullCount: list.nullCount,
      validity: list.validity, body: .fixed(target.freeze()))
    return column.nulling(refused)
  }
}

extension Column {
  /// Vectors as lists of float32; other columns as they are.
  fileprivate func vectorsAsLists() -> Column {
    guard case .vector(let dimension) = type, case .fixed(let values) = body else { return self }
    let elements = Column(
      type: .float32, count: count * dimension, nullCount: 0, validity: nil, body: .fixed(values))
    let offsets = (0...count).map { Int32($0 * dimension) }
    let list = Column(
      type: .list(.float32), count: count, nullCount: nullCount, validity: validity,
      body: .list(offsets: Buffer(offsets), child: elements))
    return list.nulling((0..<Int32(count)).filter { isNull(Int($0)) })
  }
}

import HindcastCore

extension ArrowImporter {
  /// Lists, large lists and list views.
  func list(
    _ type: DataType, _ field: ArrowField, _ array: ForeignArray
  ) throws(HindcastError) -> Column {
    let count = array.count
    let validity = try validity(array)
    if field.formatString.hasPrefix("+v") { return try listView(type, field, array, validity) }
    let ranges = try offsets(
      array, buffer: 1, offsetBytes: field.formatString == "+L" ? 8 : 4)
    let elements = try child(field, array, from: ranges.start, to: ranges.end)
    let column = Column(
      type: type, count: count, nullCount: validity.nullCount, validity: validity.bits,
      body: .list(offsets: ranges.offsets, child: elements))
    return try normalised(column)
  }

  private func listView(
    _ type: DataType, _ field: ArrowField, _ array: ForeignArray,
    _ validity: (bits: Buffer?, nullCount: Int)
  ) throws(HindcastError) -> Column {
    let count = array.count
    let isLarge = field.formatString == "+vL"
    let starts = try sizes(array, buffer: 1, isLarge: isLarge)
    let lengths = try sizes(array, buffer: 2, isLarge: isLarge)
    let elements = try child(field, array, from: 0, to: nil)
    var indices: [Int32] = []
    var offsets: [Int32] = [0]
    for row in 0..<count {
      let isNull = validity.bits.map { !Bits.get($0.span(of: UInt8.self), row) } ?? false
      if !isNull {
        let (end, overflow) = starts[row].addingReportingOverflow(lengths[row])
        guard starts[row] >= 0, lengths[row] >= 0, !overflow, end <= elements.count,
          indices.count + Int(lengths[row]) <= Int(Int32.max)
        else { throw damaged("refers to elements that are not there", row: row) }
        indices.append(contentsOf: (starts[row]..<end).map { Int32(truncatingIfNeeded: $0) })
      }
      offsets.append(Int32(indices.count))
    }
    let column = Column(
      type: type, count: count, nullCount: validity.nullCount, validity: validity.bits,
      body: .list(offsets: Buffer(offsets), child: elements.taking(indices)))
    return try normalised(column)
  }

  private func sizes(
    _ array: ForeignArray, buffer: Int, isLarge: Bool
  ) throws(HindcastError) -> [Int64] {
    let values = try fixed(array, buffer: buffer, width: isLarge ? 8 : 4)
    if isLarge { return values.array(of: Int64.self) }
    return values.array(of: Int32.self).map { Int64($0) }
  }

  /// The elements from `start` to `end` (nil: all of them).
  private func child(
    _ field: ArrowField, _ array: ForeignArray, from start: Int, to end: Int?
  ) throws(HindcastError) -> Column {
    guard array.childCount == 1, let elements = array.child(0),
      let childField = field.children.first
    else { throw damaged("lacks its elements") }
    try checkShape(elements)
    let stop = end ?? elements.count
    guard start >= 0, start <= stop, stop <= elements.count else {
      throw damaged("refers to elements that are not there")
    }
    return try column(childField, elements.slice(from: start, count: stop - start))
  }

  /// fixed_size_list: a vector if it holds float32, else a list.
  func fixedSizeList(
    _ type: DataType, _ field: ArrowField, _ array: ForeignArray
  ) throws(HindcastError) -> Column {
    let count = array.count
    guard let size = Int(field.formatString.dropFirst(3)), size >= 0, size < 1 << 24 else {
      throw damaged("has an impossible size")
    }
    let validity = try validity(array)
    let offset = array.offset
    let (end, overflow) = (offset + count).multipliedReportingOverflow(by: size)
    guard !overflow, end - offset * size <= Int(Int32.max) else {
      throw HindcastError(.limitExceeded, "a batch holds more than 2 GiB of one column")
    }
    let elements = try child(field, array, from: offset * size, to: end)
    guard case .vector = type else {
      let offsets = (0...count).map { Int32($0 * size) }
      let column = Column(
        type: type, count: count, nullCount: validity.nullCount, validity: validity.bits,
        body: .list(offsets: Buffer(offsets), child: elements))
      return try normalised(column)
    }
    let column = Column(
      type: type, count: count, nullCount: validity.nullCount, validity: validity.bits,
      body: .fixed(aligned(elements.fixed, for: type)))
    if elements.nullCount > 0 { try refuseNullElements(column, elements, size) }
    return column
  }

  private func refuseNullElements(
    _ vectors: Column, _ elements: Column, _ size: Int
  ) throws(HindcastError) {
    for row in 0..<vectors.count where !vectors.isNull(row) {
      guard (row * size..<(row + 1) * size).allSatisfy({ !elements.isNull($0) }) else {
        throw refused("a vector's elements can't be null", row: row)
      }
    }
  }

  /// Without elements under nulls, and sets sorted.
  private func normalised(_ column: Column) throws(HindcastError) -> Column {
    var column = column
    if case .list(let offsets, _) = column.body, let bits = column.validity,
      hasBytesUnderNulls(offsets, bits, count: column.count)
    {
      column = column.taking((0..<column.count).map { column.isNull($0) ? -1 : Int32($0) })
    }
    guard case .set = column.type else { return column }
    let sets = column.sortedAsSets()
    if let row = sets.rowWithNull { throw refused("a set can't hold null", row: row) }
    return sets.column
  }

  /// date64 in milliseconds as whole days.
  func wholeDays(_ array: ForeignArray) throws(HindcastError) -> Column {
    let count = array.count
    let validity = try validity(array)
    let source = try fixed(array, buffer: 1, width: 8)
    let span = source.span(of: Int64.self)
    var target = MutableBuffer(byteCount: count * 4)
    for row in 0..<count {
      if let bits = validity.bits, !Bits.get(bits.span(of: UInt8.self), row) { continue }
      let (days, rest) = span[row].quotientAndRemainder(dividingBy: 86_400_000)
      guard rest == 0, let day = Int32(exactly: days) else {
        throw refused("the date \(span[row]) ms is not a whole number of days", row: row)
      }
      var values = target.mutableSpan(of: Int32.self)
      values[row] = day
    }
    return Column(
      type: .date, count: count, nullCount: validity.nullCount, validity: validity.bits,
      body: .fixed(target.freeze()))
  }

  /// Narrow decimals as 128 bits.
  func widened<Narrow: FixedWidthInteger & SignedInteger & BitwiseCopyable>(
    _: Narrow.Type, _ type: DataType, _ array: ForeignArray
  ) throws(HindcastError) -> Column {
    let count = array.count
    let validity = try validity(array)
    let source = try fixed(array, buffer: 1, width: MemoryLayout<Narrow>.size)
    let span = source.span(of: Narrow.self)
    var target = MutableBuffer(byteCount: count * 16)
    var values = target.mutableSpan(of: Int128.self)
    for row in 0..<count { values[row] = Int128(span[row]) }
    return Column(
      type: type, count: count, nullCount: validity.nullCount, validity: validity.bits,
      body: .fixed(target.freeze()))
  }
}

import HindcastCore

extension ColumnNode {
  /// The cell at `index`, which must be one of the page's.
  func value(_ content: Buffer, at index: Int) throws(NodeFault) -> Value {
    try value(content.bytes, at: index)
  }

  /// The cells at `positions`, ascending, each one of the page's, as a column.
  func take(_ content: Buffer, _ positions: Span<Int32>) throws(NodeFault) -> Column {
    try take(content.bytes, positions)
  }

  /// The cell at `index`, which must be one of the node's.
  func value(_ content: RawSpan, at index: Int) throws(NodeFault) -> Value {
    if isNull(content, at: index) { return .null }
    switch body {
    case .null: return .null
    case .bools(let node): return .bool(node.value(content, at: index))
    case .int8(let node): return type.value(try node.value(content, at: index))
    case .int16(let node): return type.value(try node.value(content, at: index))
    case .int32(let node): return type.value(try node.value(content, at: index))
    case .int64(let node): return type.value(try node.value(content, at: index))
    case .int128(let node): return type.value(try node.value(content, at: index))
    case .fixed(let node, let stride):
      let range = node.range(at: index, stride: stride)
      return .list(
        (0..<stride / 4).map {
          .float32(content.load(range.lowerBound + $0 * 4, as: UInt32.self))
        })
    case .bytes(let node):
      var bytes = MutableBuffer()
      try node.append(content, at: index, to: &bytes)
      let span = bytes.span(of: UInt8.self)
      return .bytes(
        [UInt8](capacity: span.count) { target in
          for index in span.indices { target.append(span[index]) }
        })
    case .list(let node):
      var elements: [Value] = []
      for element in node.offsets.range(at: index) {
        elements.append(try node.elements.value(content, at: element))
      }
      return .list(elements)
    }
  }

  /// The cells at `positions`, ascending, each one of the node's, as a column.
  func take(_ content: RawSpan, _ positions: Span<Int32>) throws(NodeFault) -> Column {
    let count = positions.count
    var nullCount = 0
    var validity: Buffer?
    if self.nullCount > 0 {
      var bits = MutableBuffer(byteCount: Bits.byteCount(count))
      var target = bits.mutableSpan(of: UInt8.self)
      for index in positions.indices {
        if isNull(content, at: Int(positions[index])) {
          nullCount += 1
        } else {
          Bits.set(&target, index)
        }
      }
      validity = bits.freeze()
    }
    if case .null = body { return Column.allNull(type: type, count: count) }
    let taken = try body.take(content, positions)
    if let validity { try taken.checkLengths(under: validity, count: count) }
    return Column(
      type: type, count: count, nullCount: nullCount, validity: validity, body: taken)
  }
}

extension ColumnNode.Body {
  fileprivate func take(
    _ content: RawSpan, _ positions: Span<Int32>
  ) throws(NodeFault) -> Column.Body {
    switch self {
    case .null: preconditionFailure("null has no values")
    case .bools(let node):
      var bits = MutableBuffer(byteCount: Bits.byteCount(positions.count))
      var target = bits.mutableSpan(of: UInt8.self)
      for index in positions.indices where node.value(content, at: Int(positions[index])) {
        Bits.set(&target, index)
      }
      return .bits(bits.freeze())
    case .int8(let node): return .fixed(try takeNumbers(node, content, positions))
    case .int16(let node): return .fixed(try takeNumbers(node, content, positions))
    case .int32(let node): return .fixed(try takeNumbers(node, content, positions))
    case .int64(let node): return .fixed(try takeNumbers(node, content, positions))
    case .int128(let node): return .fixed(try takeNumbers(node, content, positions))
    case .fixed(let node, let stride):
      var values = MutableBuffer(capacity: positions.count * stride)
      for index in positions.indices {
        let range = node.range(at: Int(positions[index]), stride: stride)
        values.append(contentsOf: content.extracting(range))
      }
      return .fixed(values.freeze())
    case .bytes(let node): return try takeBytes(node, content, positions)
    case .list(let node): return try takeLists(node, content, positions)
    }
  }
}

private func takeNumbers<T: NodeInteger>(
  _ node: IntegerNode<T>, _ content: RawSpan, _ positions: Span<Int32>
) throws(NodeFault) -> Buffer {
  var values = MutableBuffer(byteCount: positions.count * T.byteCount)
  var target = values.mutableSpan(of: T.self)
  try node.take(content, positions, into: &target)
  return values.freeze()
}

private func takeBytes(
  _ node: BytesNode, _ content: RawSpan, _ positions: Span<Int32>
) throws(NodeFault) -> Column.Body {
  var offsets = MutableBuffer(capacity: 4 * (positions.count + 1))
  var data = MutableBuffer()
  offsets.append(Int32(0))
  for index in positions.indices {
    try node.append(content, at: Int(positions[index]), to: &data)
    guard data.byteCount <= Int(Int32.max) else {
      throw .limit("the values read take \(data.byteCount) bytes", at: 0)
    }
    offsets.append(Int32(data.byteCount))
  }
  return .bytes(offsets: offsets.freeze(), data: data.freeze())
}

private func takeLists(
  _ node: ListNode, _ content: RawSpan, _ positions: Span<Int32>
) throws(NodeFault) -> Column.Body {
  var offsets = MutableBuffer(capacity: 4 * (positions.count + 1))
  var elements = MutableBuffer()
  offsets.append(Int32(0))
  for index in positions.indices {
    let range = node.offsets.range(at: Int(positions[index]))
    for element in range { elements.append(Int32(element)) }
    guard elements.byteCount <= Int(Int32.max) else {
      throw .limit("the lists read have too many elements", at: 0)
    }
    offsets.append(Int32(elements.byteCount / 4))
  }
  let child = try node.elements.take(content, elements.span(of: Int32.self))
  return .list(offsets: offsets.freeze(), child: child)
}

extension DataType {
  /// The cell whose bits are `bits`.
  fileprivate func value<T: NodeInteger>(_ bits: T) -> Value {
    switch self {
    case .int8: .integer(Int128(Int8(truncatingIfNeeded: bits)))
    case .int16: .integer(Int128(Int16(truncatingIfNeeded: bits)))
    case .int32, .date: .integer(Int128(Int32(truncatingIfNeeded: bits)))
    case .int64, .timestamp: .integer(Int128(Int64(truncatingIfNeeded: bits)))
    case .decimal128: .integer(Int128(truncatingIfNeeded: bits))
    case .float32: .float32(UInt32(truncatingIfNeeded: bits))
    case .float64: .float64(UInt64(truncatingIfNeeded: bits))
    default: .integer(Int128(bits))
    }
  }
}

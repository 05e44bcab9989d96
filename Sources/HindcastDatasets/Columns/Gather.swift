import HindcastCore

/// The rows of `column` at `rows`, in that order.
func gathered(_ column: Column, _ rows: Span<Int>) -> Column {
  let validity = column.validity.map { gatheredBits($0, rows) }
  let body: Column.Body =
    switch column.body {
    case .bits(let bits): .bits(gatheredBits(bits, rows))
    case .bytes(let offsets, let data): gatheredBytes(offsets, data, rows)
    case .fixed(let values): .fixed(gatheredWords(values, rows))
    case .list: preconditionFailure("no dataset has lists")
    }
  let valid = validity.map { Bits.population($0.span(of: UInt8.self), count: rows.count) }
  return Column(
    type: column.type, count: rows.count, nullCount: rows.count - (valid ?? rows.count),
    validity: validity, body: body)
}

private func gatheredWords(_ buffer: Buffer, _ rows: Span<Int>) -> Buffer {
  let source = buffer.span(of: UInt64.self)
  var result = MutableBuffer(byteCount: rows.count * 8)
  var target = result.mutableSpan(of: UInt64.self)
  for index in rows.indices { target[index] = source[rows[index]] }
  return result.freeze()
}

private func gatheredBits(_ buffer: Buffer, _ rows: Span<Int>) -> Buffer {
  let source = buffer.span(of: UInt8.self)
  var result = MutableBuffer(byteCount: Bits.byteCount(rows.count))
  var target = result.mutableSpan(of: UInt8.self)
  for index in rows.indices where Bits.get(source, rows[index]) { Bits.set(&target, index) }
  return result.freeze()
}

private func gatheredBytes(_ offsets: Buffer, _ data: Buffer, _ rows: Span<Int>) -> Column.Body {
  let ends = offsets.span(of: Int32.self)
  let source = data.span(of: UInt8.self)
  var bytes = MutableBuffer()
  var newEnds = MutableBuffer(capacity: (rows.count + 1) * 4)
  newEnds.append(Int32(0))
  for index in rows.indices {
    let row = rows[index]
    bytes.append(contentsOf: source.extracting(Int(ends[row])..<Int(ends[row + 1])))
    newEnds.append(Int32(truncatingIfNeeded: bytes.byteCount))
  }
  return .bytes(offsets: newEnds.freeze(), data: bytes.freeze())
}

import HindcastCore

extension NodeWriter {
  /// Adds the node of a whole page, or of a list's elements.
  ///
  /// Offsets must start at 0.
  func writeColumn(_ column: Column, to out: inout MutableBuffer) {
    guard let validity = column.validity else { return writeBody(column.body, column, to: &out) }
    guard column.nullCount < column.count else {
      return NodeHeader.write(.null, count: column.count, to: &out)
    }
    NodeHeader.write(.nullable, count: column.count, to: &out)
    let bits = validity.span(of: UInt8.self)
    part(of: .nullable).writeBools(bits, count: column.count, to: &out)
    switch (column.body, column.type.layout) {
    case (.bits(let values), _):
      let smooth = smoothBits(values.span(of: UInt8.self), validity: bits, count: column.count)
      writeBody(.bits(smooth), column, to: &out)
    case (.fixed(let values), .fixed(let width)):
      let smooth = smoothFixed(values, width: width, validity: bits, count: column.count)
      writeBody(.fixed(smooth), column, to: &out)
    default: writeBody(column.body, column, to: &out)
    }
  }

  private func writeBody(_ body: Column.Body, _ column: Column, to out: inout MutableBuffer) {
    switch body {
    case .bits(let bits):
      writeBools(bits.span(of: UInt8.self), count: column.count, to: &out)
    case .fixed(let values): writeFixedBody(values, column, to: &out)
    case .bytes(let offsets, let data):
      let strings = ByteStrings(offsets: exactly(offsets, 4 * (column.count + 1)), data: data)
      writeBytes(strings, to: &out)
    case .list(let offsets, let child):
      writeList(offsets, child: child, count: column.count, to: &out)
    }
  }

  private func writeFixedBody(_ values: Buffer, _ column: Column, to out: inout MutableBuffer) {
    guard case .fixed(let width) = column.type.layout else { return }
    if case .vector = column.type {
      return writeFixed(values, count: column.count, stride: width, to: &out)
    }
    switch width {
    case 1: writeNumbers(values, UInt8.self, column, to: &out)
    case 2: writeNumbers(values, UInt16.self, column, to: &out)
    case 4: writeNumbers(values, UInt32.self, column, to: &out)
    case 8: writeNumbers(values, UInt64.self, column, to: &out)
    default: writeNumbers(values, UInt128.self, column, to: &out)
    }
  }

  private func writeNumbers<T: NodeInteger>(
    _ values: Buffer, _: T.Type, _ column: Column, to out: inout MutableBuffer
  ) {
    writeIntegers(
      values.span(of: T.self).extracting(0..<column.count), kind: column.type.numberKind,
      to: &out)
  }
}

/// A buffer of exactly `byteCount` bytes, as a count is derived from it.
func exactly(_ buffer: Buffer, _ byteCount: Int) -> Buffer {
  buffer.byteCount == byteCount ? buffer : lend(buffer, 0..<byteCount)
}

extension DataType {
  /// What the bits of a number of this type mean.
  var numberKind: NumberKind {
    switch self {
    case .int8, .int16, .int32, .int64, .date, .timestamp, .decimal128: .signed
    case .float32, .float64: .float
    default: .unsigned
    }
  }
}

/// Repeats the value before under each null (0 at the start), so that the same column always gives
/// the same bytes, and nulls cost little.
private func smoothFixed(
  _ values: Buffer, width: Int, validity: Span<UInt8>, count: Int
) -> Buffer {
  switch width {
  case 1: smooth(values.span(of: UInt8.self), validity, count)
  case 2: smooth(values.span(of: UInt16.self), validity, count)
  case 4: smooth(values.span(of: UInt32.self), validity, count)
  case 8: smooth(values.span(of: UInt64.self), validity, count)
  case 16: smooth(values.span(of: UInt128.self), validity, count)
  default: smoothVectors(values, width, validity, count)
  }
}

private func smooth<T: NodeInteger>(
  _ values: Span<T>, _ validity: Span<UInt8>, _ count: Int
) -> Buffer {
  var result = MutableBuffer(byteCount: count * T.byteCount)
  var target = result.mutableSpan(of: T.self)
  var previous: T = 0
  for index in target.indices {
    if Bits.get(validity, index) { previous = values[index] }
    target[index] = previous
  }
  return result.freeze()
}

private func smoothVectors(
  _ values: Buffer, _ width: Int, _ validity: Span<UInt8>, _ count: Int
) -> Buffer {
  var result = MutableBuffer(capacity: count * width)
  let zeros = MutableBuffer(byteCount: width).freeze()
  for index in 0..<count {
    let value = values.bytes.extracting(index * width..<(index + 1) * width)
    if Bits.get(validity, index) {
      result.append(contentsOf: value)
    } else {
      result.append(contentsOf: zeros.bytes)
    }
  }
  return result.freeze()
}

private func smoothBits(_ values: Span<UInt8>, validity: Span<UInt8>, count: Int) -> Buffer {
  var result = MutableBuffer(byteCount: Bits.byteCount(count))
  var target = result.mutableSpan(of: UInt8.self)
  var previous = false
  for index in 0..<count {
    if Bits.get(validity, index) { previous = Bits.get(values, index) }
    if previous { Bits.set(&target, index) }
  }
  return result.freeze()
}

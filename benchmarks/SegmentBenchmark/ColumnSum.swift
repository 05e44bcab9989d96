import HindcastCore

/// What the values of a column come to: proof that all were decoded, and to what.
///
/// Integers and times: the sum modulo 2^64. Floats and vectors: the sum. Texts and lists: the
/// length of all. Bools: how many are true. Nulls count for nothing.
struct ColumnSum: Sendable {
  /// The rows that are not null.
  private(set) var count = 0
  private var integer: UInt64 = 0
  private var real = 0.0
  private var isReal = false

  /// Adds another part of the same column.
  mutating func add(_ other: ColumnSum) {
    count += other.count
    integer &+= other.integer
    real += other.real
    isReal = isReal || other.isReal
  }

  /// Adds a column's values.
  mutating func add(_ column: Column) {
    count += column.count - column.nullCount
    switch column.body {
    case .bits(let bits): integer &+= UInt64(trueCount(bits, column))
    case .bytes(let offsets, _), .list(let offsets, _):
      integer &+= UInt64(offsets.span(of: Int32.self)[column.count])
    case .fixed(let values): addFixed(values, column)
    }
  }

  /// `{"count": rows that are not null, "sum": the sum}`.
  var json: JSONLine {
    var line = JSONLine()
    line.add("count", count)
    if isReal { line.add("sum", real) } else { line.add("sum", integer) }
    return line
  }

  private mutating func addFixed(_ values: Buffer, _ column: Column) {
    switch column.type {
    case .float64: addReal(sumReals(values.span(of: Double.self), column))
    case .float32: addReal(sumReals(values.span(of: Float.self), column))
    case .vector(let dimension):
      let floats = values.span(of: Float.self).extracting(0..<column.count * dimension)
      addReal(sumReals(floats))
    case .int8: integer &+= sumIntegers(values.span(of: Int8.self), column)
    case .uint8: integer &+= sumIntegers(values.span(of: UInt8.self), column)
    case .int16: integer &+= sumIntegers(values.span(of: Int16.self), column)
    case .uint16: integer &+= sumIntegers(values.span(of: UInt16.self), column)
    case .int32, .date: integer &+= sumIntegers(values.span(of: Int32.self), column)
    case .uint32: integer &+= sumIntegers(values.span(of: UInt32.self), column)
    case .decimal128: integer &+= sumIntegers(values.span(of: Int128.self), column)
    default: integer &+= sumIntegers(values.span(of: Int64.self), column)
    }
  }

  private mutating func addReal(_ sum: Double) {
    real += sum
    isReal = true
  }
}

private func trueCount(_ bits: Buffer, _ column: Column) -> Int {
  let bytes = bits.span(of: UInt8.self)
  guard let validity = column.validity else {
    return Bits.population(bytes, count: column.count)
  }
  let valid = validity.span(of: UInt8.self)
  var total = 0
  for row in 0..<column.count where Bits.get(valid, row) && Bits.get(bytes, row) { total &+= 1 }
  return total
}

@inline(__always)
private func sumIntegers<T: FixedWidthInteger & BitwiseCopyable>(
  _ values: Span<T>, _ column: Column
) -> UInt64 {
  let values = values.extracting(0..<column.count)
  var total: UInt64 = 0
  guard let validity = column.validity else {
    for row in values.indices {
      unsafe total &+= UInt64(truncatingIfNeeded: values[unchecked: row])
    }
    return total
  }
  let valid = validity.span(of: UInt8.self).extracting(0..<Bits.byteCount(column.count))
  for row in values.indices {
    let byte = unsafe valid[unchecked: row &>> 3]
    let mask = 0 &- UInt64(byte &>> UInt8(truncatingIfNeeded: row & 7) & 1)
    unsafe total &+= UInt64(truncatingIfNeeded: values[unchecked: row]) & mask
  }
  return total
}

@inline(__always)
private func sumReals<T: BinaryFloatingPoint & BitwiseCopyable>(
  _ values: Span<T>, _ column: Column
) -> Double {
  let values = values.extracting(0..<column.count)
  guard let validity = column.validity else { return sumReals(values) }
  let valid = validity.span(of: UInt8.self).extracting(0..<Bits.byteCount(column.count))
  let places = SIMD8<Int64>(1, 2, 4, 8, 16, 32, 64, 128)
  var totals = SIMD8<Double>()
  let whole = values.count >> 3
  for byte in 0..<whole {
    let bits = unsafe SIMD8(repeating: Int64(valid[unchecked: byte]))
    totals += eight(values, byte &* 8).replacing(with: 0, where: bits & places .== 0)
  }
  var total = totals.sum()
  for row in whole * 8..<values.count where Bits.get(valid, row) { total += Double(values[row]) }
  return total
}

@inline(__always)
private func sumReals<T: BinaryFloatingPoint & BitwiseCopyable>(_ values: Span<T>) -> Double {
  var totals = SIMD8<Double>()
  let whole = values.count & ~7
  for row in stride(from: 0, to: whole, by: 8) { totals += eight(values, row) }
  var total = totals.sum()
  for row in whole..<values.count { total += Double(values[row]) }
  return total
}

/// Eight values from `row` on, which must be there.
@inline(__always)
private func eight<T: BinaryFloatingPoint & BitwiseCopyable>(
  _ values: Span<T>, _ row: Int
) -> SIMD8<Double> {
  var lane = SIMD8<Double>()
  for place in 0..<8 { lane[place] = unsafe Double(values[unchecked: row &+ place]) }
  return lane
}

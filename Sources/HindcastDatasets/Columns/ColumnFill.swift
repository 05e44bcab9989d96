import HindcastCore

/// One column of a batch while it is filled, value by value; used again for the next batch.
final class ColumnFill {
  let type: DataType
  private(set) var count = 0
  private var nullCount = 0
  private var validity = MutableBuffer()
  private var values = MutableBuffer()
  private var offsets = MutableBuffer()

  /// Starts an empty column.
  init(_ type: DataType) {
    self.type = type
    if type.layout == .bytes { offsets.append(Int32(0)) }
  }

  func append(_ value: Double) {
    markValid()
    values.append(value)
  }

  func append(_ value: Int64) {
    markValid()
    values.append(value)
  }

  func append(_ value: Bool) {
    appendBit(value, at: count, to: &values)
    markValid()
  }

  func append(_ text: [UInt8]) {
    markValid()
    values.append(contentsOf: text.span)
    offsets.append(Int32(truncatingIfNeeded: values.byteCount))
  }

  /// The 16 hexadecimal digits of a number.
  func append(hex number: UInt64) {
    markValid()
    for shift in stride(from: 60, through: 0, by: -4) {
      let digit = UInt8(truncatingIfNeeded: number >> UInt64(shift) & 15)
      values.append(digit < 10 ? 48 + digit : 87 + digit)
    }
    offsets.append(Int32(truncatingIfNeeded: values.byteCount))
  }

  func appendNull() {
    switch type.layout {
    case .bits: appendBit(false, at: count, to: &values)
    case .bytes: offsets.append(Int32(truncatingIfNeeded: values.byteCount))
    default: values.append(Int64(0))
    }
    // The bitmap starts with the first null, all rows before it valid.
    if nullCount == 0 {
      for index in 0..<count { appendBit(true, at: index, to: &validity) }
    }
    nullCount += 1
    appendBit(false, at: count, to: &validity)
    count += 1
  }

  /// The column so far; the fill is empty again afterwards.
  func take() -> Column {
    let body: Column.Body =
      switch type.layout {
      case .bits: .bits(Self.copy(values))
      case .bytes: .bytes(offsets: Self.copy(offsets), data: Self.copy(values))
      default: .fixed(Self.copy(values))
      }
    let column = Column(
      type: type, count: count, nullCount: nullCount,
      validity: nullCount == 0 ? nil : Self.copy(validity), body: body)
    count = 0
    nullCount = 0
    validity.resize(byteCount: 0)
    values.resize(byteCount: 0)
    offsets.resize(byteCount: 0)
    if type.layout == .bytes { offsets.append(Int32(0)) }
    return column
  }

  private func markValid() {
    if nullCount > 0 { appendBit(true, at: count, to: &validity) }
    count += 1
  }

  private func appendBit(_ bit: Bool, at index: Int, to buffer: inout MutableBuffer) {
    if index & 7 == 0 { buffer.append(UInt8(0)) }
    guard bit else { return }
    var bytes = buffer.mutableSpan(of: UInt8.self)
    Bits.set(&bytes, index)
  }

  private static func copy(_ buffer: borrowing MutableBuffer) -> Buffer {
    Buffer(copying: buffer.span(of: UInt8.self))
  }
}

/// Builds a ``Column`` cell by cell, for places where speed does not matter.
public struct ColumnBuilder: ~Copyable {
  private let type: DataType
  private var count = 0
  private var nullCount = 0
  private var validity = MutableBuffer()
  private var fixed = MutableBuffer()
  private var offsets = MutableBuffer()
  private var childValues: [Value] = []

  /// Starts an empty column.
  public init(type: DataType) {
    self.type = type
    if type.layout == .bytes || type.layout == .list { offsets.append(Int32(0)) }
  }

  /// Adds a cell.
  /// - Throws: ``HindcastError`` if the value is not of the column's type, or out of its range. The
  ///   column is then as it was before.
  public mutating func append(_ value: Value) throws(HindcastError) {
    switch type.layout {
    case .bits:
      guard let bit = value.bit else { throw refusal(value) }
      Self.appendBit(bit, at: count, to: &fixed)
    case .fixed(let width): try appendFixed(value, width: width)
    case .bytes:
      guard let bytes = value.byteArray else { throw refusal(value) }
      try appendOffset(fixed.byteCount + bytes.count)
      fixed.append(contentsOf: bytes.span)
    case .list:
      guard let elements = value.elements else { throw refusal(value) }
      try appendOffset(childValues.count + elements.count)
      childValues += elements
    }
    Self.appendBit(value != .null, at: count, to: &validity)
    if value == .null { nullCount += 1 }
    count += 1
  }

  /// The column of all cells so far.
  public consuming func finish() throws(HindcastError) -> Column {
    let body: Column.Body =
      switch type.layout {
      case .bits: .bits(fixed.freeze())
      case .fixed: .fixed(fixed.freeze())
      case .bytes: .bytes(offsets: offsets.freeze(), data: fixed.freeze())
      case .list:
        .list(
          offsets: offsets.freeze(),
          child: try Column(type: type.element ?? .bool, values: childValues))
      }
    return Column(
      type: type, count: count, nullCount: nullCount, validity: validity.freeze(), body: body)
  }

  private static func appendBit(_ bit: Bool, at index: Int, to buffer: inout MutableBuffer) {
    if index & 7 == 0 { buffer.append(UInt8(0)) }
    guard bit else { return }
    var bytes = buffer.mutableSpan(of: UInt8.self)
    Bits.set(&bytes, index)
  }

  private mutating func appendOffset(_ end: Int) throws(HindcastError) {
    guard let offset = Int32(exactly: end) else {
      throw HindcastError(.limitExceeded, "a batch holds more than 2 GiB of one column")
    }
    offsets.append(offset)
  }

  private mutating func appendFixed(_ value: Value, width: Int) throws(HindcastError) {
    switch (type, value) {
    case (_, .null): fixed.resize(byteCount: fixed.byteCount + width)
    case (.float32, .float32(let bits)): fixed.append(bits)
    case (.float64, .float64(let bits)): fixed.append(bits)
    case (.vector(let dimension), .list(let elements)) where elements.count == dimension:
      let bits = elements.compactMap(\.float32Bits)
      guard bits.count == dimension else { throw refusal(value) }
      fixed.append(contentsOf: bits.span)
    case (_, .integer(let number)):
      guard type.holds(number) else { throw refusal(value) }
      for byte in 0..<width { fixed.append(UInt8(truncatingIfNeeded: number >> (8 * byte))) }
    default: throw refusal(value)
    }
  }

  private func refusal(_ value: Value) -> HindcastError {
    HindcastError(.invalidValue, "\(value) is not a value of type \(type)")
  }
}

extension Column {
  /// A column of the given cells.
  /// - Throws: ``HindcastError`` if a value is not of the type, or out of its range.
  public init(type: DataType, values: [Value]) throws(HindcastError) {
    var builder = ColumnBuilder(type: type)
    for value in values { try builder.append(value) }
    self = try builder.finish()
  }
}

extension Value {
  fileprivate var bit: Bool? {
    switch self {
    case .null: false
    case .bool(let bit): bit
    default: nil
    }
  }

  fileprivate var byteArray: [UInt8]? {
    switch self {
    case .null: []
    case .bytes(let bytes): bytes
    default: nil
    }
  }

  fileprivate var float32Bits: UInt32? {
    guard case .float32(let bits) = self else { return nil }
    return bits
  }

  fileprivate var elements: [Value]? {
    switch self {
    case .null: []
    case .list(let elements): elements
    default: nil
    }
  }
}

/// A vector of values of one type, in Arrow's layout, immutable and shared by reference.
///
/// ```
/// validity  1 bit a row, set where the value is there; absent if no value is null
/// bits      1 bit a row                                        bool
/// fixed     byteWidth bytes a row, little-endian               integers, floats, times, decimals,
///                                                              vectors (dimension x 4)
/// bytes     offsets: Int32 x (count + 1), data                 utf8, binary
/// list      offsets: Int32 x (count + 1), child column         list, set
/// ```
/// Offsets start at 0, never decrease and end at the length of the data or child. The bits and
/// fixed bytes under a null are arbitrary; the offsets under a null are equal.
public struct Column: Sendable {
  /// The logical type.
  public let type: DataType
  /// The number of rows.
  public let count: Int
  /// The number of null rows.
  public let nullCount: Int
  /// One bit a row, set where there is a value; nil if no row is null.
  public let validity: Buffer?
  /// The values.
  public let body: Body

  /// The values' memory, by the type's ``DataType/Layout``.
  public indirect enum Body: Sendable {
    case bits(Buffer)
    case fixed(Buffer)
    case bytes(offsets: Buffer, data: Buffer)
    case list(offsets: Buffer, child: Column)
  }

  /// Creates a column from its parts.
  ///
  /// A `validity` without nulls is dropped. The buffers must be as long as `count` demands; this is
  /// checked and traps.
  public init(type: DataType, count: Int, nullCount: Int, validity: Buffer?, body: Body) {
    precondition(nullCount == 0 || validity != nil, "nulls need a validity bitmap")
    precondition((validity?.byteCount ?? .max) >= Bits.byteCount(count))
    switch (body, type.layout) {
    case (.bits(let bits), .bits): precondition(bits.byteCount >= Bits.byteCount(count))
    case (.fixed(let values), .fixed(let width)): precondition(values.byteCount >= count * width)
    case (.bytes(let offsets, _), .bytes): precondition(offsets.byteCount >= 4 * (count + 1))
    case (.list(let offsets, _), .list): precondition(offsets.byteCount >= 4 * (count + 1))
    default: preconditionFailure("\(type) does not lie in memory like this")
    }
    self.type = type
    self.count = count
    self.nullCount = nullCount
    self.validity = nullCount == 0 ? nil : validity
    self.body = body
  }

  /// A column of fixed-width values without nulls.
  public init<Element: BitwiseCopyable>(type: DataType, _ values: [Element]) {
    self.init(
      type: type, count: values.count, nullCount: 0, validity: nil, body: .fixed(Buffer(values)))
  }

  /// Whether row `index` is null.
  @inlinable
  public func isNull(_ index: Int) -> Bool {
    guard let validity else { return false }
    return !Bits.get(validity.span(of: UInt8.self), index)
  }

  /// The fixed-width values' memory; traps on other layouts.
  @inlinable
  public var fixed: Buffer {
    guard case .fixed(let buffer) = body else { preconditionFailure("\(type) is not fixed-width") }
    return buffer
  }

  /// The same memory read as another type of equal layout, such as int64 as timestamp.
  public func reinterpreted(as type: DataType) -> Column {
    Column(type: type, count: count, nullCount: nullCount, validity: validity, body: body)
  }
}

extension Column {
  /// The cell at `index`, for places where speed does not matter.
  public subscript(index: Int) -> Value {
    precondition(index >= 0 && index < count)
    if isNull(index) { return .null }
    switch body {
    case .bits(let bits): return .bool(Bits.get(bits.span(of: UInt8.self), index))
    case .fixed(let values): return fixedValue(values, index)
    case .bytes(let offsets, let data):
      let ends = offsets.span(of: Int32.self)
      let bytes = data.span(of: UInt8.self)
      return .bytes((Int(ends[index])..<Int(ends[index + 1])).map { bytes[$0] })
    case .list(let offsets, let child):
      let ends = offsets.span(of: Int32.self)
      return .list((Int(ends[index])..<Int(ends[index + 1])).map { child[$0] })
    }
  }

  /// All cells, for places where speed does not matter.
  public var values: [Value] { (0..<count).map { self[$0] } }

  private func fixedValue(_ buffer: Buffer, _ index: Int) -> Value {
    func integer<T: FixedWidthInteger & BitwiseCopyable>(_: T.Type) -> Value {
      .integer(Int128(buffer.span(of: T.self)[index]))
    }
    switch type {
    case .int8: return integer(Int8.self)
    case .int16: return integer(Int16.self)
    case .int32, .date: return integer(Int32.self)
    case .int64, .timestamp: return integer(Int64.self)
    case .uint8: return integer(UInt8.self)
    case .uint16: return integer(UInt16.self)
    case .uint32: return integer(UInt32.self)
    case .uint64: return integer(UInt64.self)
    case .decimal128: return integer(Int128.self)
    case .float32: return .float32(buffer.span(of: UInt32.self)[index])
    case .float64: return .float64(buffer.span(of: UInt64.self)[index])
    case .vector(let dimension):
      let bits = buffer.span(of: UInt32.self)
      return .list((0..<dimension).map { .float32(bits[index * dimension + $0]) })
    default: preconditionFailure("\(type) is not fixed-width")
    }
  }
}

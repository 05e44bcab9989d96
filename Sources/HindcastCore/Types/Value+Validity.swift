extension Value {
  /// Whether this is a value of a type, and not null (rules D2 and D3).
  ///
  /// O(bytes). The order of a set's elements is not looked at.
  public func isValue(of type: DataType) -> Bool {
    switch (self, type) {
    case (.bool, .bool), (.float32, .float32), (.float64, .float64), (.bytes, .binary): true
    case (.bytes(let bytes), .utf8): String(validating: bytes, as: UTF8.self) != nil
    case (.integer(let number), .decimal128(let precision, _)):
      number.magnitude < (0..<precision).reduce(UInt128(1)) { power, _ in power * 10 }
    case (.integer(let number), _): type.integerRange?.contains(number) ?? false
    case (.list(let elements), .list(let element)):
      elements.allSatisfy { $0 == .null || $0.isValue(of: element) }
    case (.list(let elements), .set(let element)):
      elements.allSatisfy { $0.isValue(of: element) } && Set(elements).count == elements.count
    case (.list(let elements), .vector(let dimension)):
      elements.count == dimension && elements.allSatisfy { $0.isValue(of: .float32) }
    default: false
    }
  }

  /// The memory that the value takes, about.
  public var byteCount: Int {
    switch self {
    case .null, .bool: 1
    case .float32: 4
    case .float64: 8
    case .integer: 16
    case .bytes(let bytes): bytes.count
    case .list(let elements): elements.reduce(4) { $0 + $1.byteCount }
    }
  }
}

extension DataType {
  /// What a type's values lie between that are kept as whole numbers, decimals aside.
  fileprivate var integerRange: ClosedRange<Int128>? {
    func range<Integer: FixedWidthInteger>(_: Integer.Type) -> ClosedRange<Int128> {
      Int128(Integer.min)...Int128(Integer.max)
    }
    switch self {
    case .int8: return range(Int8.self)
    case .int16: return range(Int16.self)
    case .int32, .date: return range(Int32.self)
    case .int64, .timestamp: return range(Int64.self)
    case .uint8: return range(UInt8.self)
    case .uint16: return range(UInt16.self)
    case .uint32: return range(UInt32.self)
    case .uint64: return range(UInt64.self)
    default: return nil
    }
  }
}

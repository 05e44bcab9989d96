/// The logical type of a column.
///
/// These are the types of the contract's rule D2. utf8, large_utf8, utf8_view and dictionaries of
/// them are all ``utf8``; the binary types likewise.
public indirect enum DataType: Hashable, Sendable {
  case bool
  case int8, int16, int32, int64
  case uint8, uint16, uint32, uint64
  case float32, float64
  case utf8, binary
  /// Days since 1970-01-01, 32 bits.
  case date
  /// Ticks of `unit` since 1970-01-01T00:00:00Z, 64 bits. `zone` is the name shown to people; a
  /// zone-less timestamp is read as UTC.
  case timestamp(TimeUnit, zone: String?)
  /// 128-bit decimal: `precision` digits of 1...38, `scale` of them after the point.
  case decimal128(precision: Int, scale: Int)
  /// A variable number of scalars, nulls allowed.
  case list(DataType)
  /// A sorted list of unique scalars without nulls.
  case set(DataType)
  /// `dimension` float32 values, none of them null.
  case vector(dimension: Int)
}

extension DataType {
  /// How a type's values lie in memory.
  public enum Layout: Hashable, Sendable {
    /// One bit a row, least significant first.
    case bits
    /// `byteWidth` bytes a row, little-endian.
    case fixed(byteWidth: Int)
    /// Offsets (`Int32`, count + 1) into bytes.
    case bytes
    /// Offsets (`Int32`, count + 1) into a child column.
    case list
  }

  /// How this type's values lie in memory, as in Arrow.
  public var layout: Layout {
    switch self {
    case .bool: .bits
    case .int8, .uint8: .fixed(byteWidth: 1)
    case .int16, .uint16: .fixed(byteWidth: 2)
    case .int32, .uint32, .float32, .date: .fixed(byteWidth: 4)
    case .int64, .uint64, .float64, .timestamp: .fixed(byteWidth: 8)
    case .decimal128: .fixed(byteWidth: 16)
    case .vector(let dimension): .fixed(byteWidth: 4 * dimension)
    case .utf8, .binary: .bytes
    case .list, .set: .list
    }
  }

  /// Whether a record identifier may have this type (rule D2).
  public var isIdentifier: Bool {
    switch self {
    case .float32, .float64, .decimal128, .list, .set, .vector: false
    default: true
    }
  }

  /// Whether this is a type without children: what lists and sets may hold.
  public var isScalar: Bool {
    switch self {
    case .list, .set, .vector: false
    default: true
    }
  }

  /// Whether this is one of the eight integer types.
  public var isInteger: Bool {
    switch self {
    case .int8, .int16, .int32, .int64, .uint8, .uint16, .uint32, .uint64: true
    default: false
    }
  }

  /// Whether values of this type are unsigned integers.
  public var isUnsignedInteger: Bool {
    switch self {
    case .uint8, .uint16, .uint32, .uint64: true
    default: false
    }
  }

  /// Whether a value of this type can be `number`: an integer, days, ticks, or a decimal's digits.
  public func holds(_ number: Int128) -> Bool {
    switch self {
    case .int8: Int8(exactly: number) != nil
    case .int16: Int16(exactly: number) != nil
    case .int32, .date: Int32(exactly: number) != nil
    case .int64, .timestamp: Int64(exactly: number) != nil
    case .uint8: UInt8(exactly: number) != nil
    case .uint16: UInt16(exactly: number) != nil
    case .uint32: UInt32(exactly: number) != nil
    case .uint64: UInt64(exactly: number) != nil
    case .decimal128: true
    default: false
    }
  }

  /// The element type of a list, a set or a vector.
  public var element: DataType? {
    switch self {
    case .list(let element), .set(let element): element
    case .vector: .float32
    default: nil
    }
  }
}

extension DataType: CustomStringConvertible {
  /// The name used in YAML, messages and the specification: `timestamp[us, UTC]`.
  public var description: String {
    switch self {
    case .bool: "bool"
    case .int8: "int8"
    case .int16: "int16"
    case .int32: "int32"
    case .int64: "int64"
    case .uint8: "uint8"
    case .uint16: "uint16"
    case .uint32: "uint32"
    case .uint64: "uint64"
    case .float32: "float32"
    case .float64: "float64"
    case .utf8: "utf8"
    case .binary: "binary"
    case .date: "date"
    case .timestamp(let unit, zone: nil): "timestamp[\(unit)]"
    case .timestamp(let unit, zone: let zone?): "timestamp[\(unit), \(zone)]"
    case .decimal128(let precision, let scale): "decimal128[\(precision), \(scale)]"
    case .list(let element): "list[\(element)]"
    case .set(let element): "set[\(element)]"
    case .vector(let dimension): "vector[\(dimension)]"
    }
  }

  /// Parses what ``description`` prints; nil if `text` names no type, or one out of limits.
  public init?(_ text: String) {
    let plain: [String: DataType] = [
      "bool": .bool, "int8": .int8, "int16": .int16, "int32": .int32, "int64": .int64,
      "uint8": .uint8, "uint16": .uint16, "uint32": .uint32, "uint64": .uint64,
      "float32": .float32, "float64": .float64, "utf8": .utf8, "binary": .binary, "date": .date,
    ]
    if let type = plain[text] {
      self = type
      return
    }
    guard text.hasSuffix("]"), let open = text.firstIndex(of: "[") else { return nil }
    let inside = text[text.index(after: open)..<text.index(before: text.endIndex)]
    let parts = inside.split(separator: ",", maxSplits: 1, omittingEmptySubsequences: false)
      .map(trimmed)
    guard let first = parts.first, parts.last != "" else { return nil }
    let element = DataType(String(inside)).flatMap { $0.isScalar ? $0 : nil }
    switch (text[..<open], parts.count) {
    case ("timestamp", 1...2):
      guard let unit = TimeUnit(first) else { return nil }
      self = .timestamp(unit, zone: parts.count == 2 ? parts[1] : nil)
    case ("decimal128", 2):
      guard let precision = Int(first), let scale = Int(parts[1]),
        (1...38).contains(precision), (-38...38).contains(scale)
      else { return nil }
      self = .decimal128(precision: precision, scale: scale)
    case ("list", _):
      guard let element else { return nil }
      self = .list(element)
    case ("set", _):
      guard let element else { return nil }
      self = .set(element)
    case ("vector", 1):
      guard let dimension = Int(first), (1...65_536).contains(dimension) else { return nil }
      self = .vector(dimension: dimension)
    default: return nil
    }
  }
}

private func trimmed(_ text: Substring) -> String {
  String(text.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
}

import HindcastCore

/// The tags of a value.
private enum Tag {
  static let integer: UInt16 = 1
  static let floatBits: UInt16 = 2
  static let bytes: UInt16 = 3
  static let element: UInt16 = 4
  static let known: ClosedRange<UInt16> = 1...4
}

extension Value {
  /// Writes the fields of a value; null and the empty list have none.
  func encode(to target: inout TaggedEncoder) {
    switch self {
    case .null: break
    case .bool(let bit): target.integer(Tag.integer, Int128(bit ? 1 : 0))
    case .integer(let number): target.integer(Tag.integer, number)
    case .float32(let bits): target.integer(Tag.floatBits, bits)
    case .float64(let bits): target.integer(Tag.floatBits, bits)
    case .bytes(let bytes): target.bytes(Tag.bytes, bytes)
    case .list(let elements):
      for element in elements { target.nested(Tag.element) { element.encode(to: &$0) } }
    }
  }

  /// The value of a type; whether it is in the type's range is for the group to check.
  /// - Throws: `corrupt` if the fields are no such value.
  init(_ source: TaggedFields, as type: DataType) throws(HindcastError) {
    try source.checkUnderstood(Tag.known)
    switch type {
    case .bool:
      let bit = try source.integer(Tag.integer, as: Int128.self)
      guard (0...1).contains(bit) else { throw source.damaged(Tag.integer) }
      self = .bool(bit == 1)
    case .float32:
      let bits = try source.integer(Tag.floatBits, as: UInt64.self)
      guard let bits = UInt32(exactly: bits) else { throw source.damaged(Tag.floatBits) }
      self = .float32(bits)
    case .float64: self = .float64(try source.integer(Tag.floatBits))
    case .utf8, .binary: self = .bytes(try source.bytes(Tag.bytes))
    case .list(let element), .set(let element):
      self = .list(try Self.elements(source, as: element))
    case .vector: self = .list(try Self.elements(source, as: .float32))
    default: self = .integer(try source.integer(Tag.integer))
    }
  }

  private static func elements(
    _ source: TaggedFields, as type: DataType
  ) throws(HindcastError) -> [Value] {
    // Lists of lists are no type of a feature: what holds them is refused, however deep it goes.
    guard type.isScalar else { throw source.damaged(Tag.element) }
    var elements: [Value] = []
    for element in try source.allNested(Tag.element) {
      elements.append(element.fields.isEmpty ? .null : try Value(element, as: type))
    }
    return elements
  }
}

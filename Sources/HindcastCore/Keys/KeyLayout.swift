/// How a group's record identifiers become normalised keys and back.
///
/// A key depends on the identifiers' values alone: renaming a column, or widening int32 to int64,
/// changes none.
public struct KeyLayout: Hashable, Sendable {
  /// The identifiers' types, in key order.
  public let components: [DataType]

  /// Creates the layout for a group's identifiers; every type must be ``DataType/isIdentifier``.
  public init(components: [DataType]) {
    precondition(!components.isEmpty && components.allSatisfy(\.isIdentifier))
    self.components = components
  }

  /// The layout of a group's record identifiers.
  public init(_ group: FeatureGroup) {
    self.init(components: group.recordIdentifiers.map(\.type))
  }

  /// Whether every key is exactly eight bytes, so that ``KeyVector`` needs no heap.
  public var isSingleWord: Bool {
    components.count == 1 && Component(components[0]) == .word
  }

  enum Component { case word, bit, bytes }
}

extension KeyLayout.Component {
  init(_ type: DataType) {
    switch type.layout {
    case .bits: self = .bit
    case .bytes: self = .bytes
    default: self = .word
    }
  }
}

extension KeyLayout {
  /// The record named by one key, a value a component.
  /// - Throws: ``HindcastError`` (`corrupt`) if the bytes are no key of this layout.
  public func decode(_ key: [UInt8]) throws(HindcastError) -> [Value] {
    var rest = key[...]
    var values: [Value] = []
    for type in components {
      guard let value = Self.decodeComponent(type, &rest) else { throw Self.damaged }
      values.append(value)
    }
    guard rest.isEmpty else { throw Self.damaged }
    return values
  }

  private static var damaged: HindcastError {
    HindcastError(.corrupt, "a normalised record identifier does not have the form of its types")
  }

  private static func decodeComponent(_ type: DataType, _ rest: inout ArraySlice<UInt8>) -> Value? {
    switch Component(type) {
    case .bit:
      guard let byte = rest.popFirst(), byte <= 1 else { return nil }
      return .bool(byte == 1)
    case .word:
      guard rest.count >= 8 else { return nil }
      let word = rest.prefix(8).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
      rest = rest.dropFirst(8)
      let number = type == .uint64 ? Int128(word) : Int128(Int64(bitPattern: word ^ 1 << 63))
      return KeyEncoder.valueRange(type).contains(number) ? .integer(number) : nil
    case .bytes:
      var bytes: [UInt8] = []
      while let byte = rest.popFirst() {
        guard byte == 0 else {
          bytes.append(byte)
          continue
        }
        switch rest.popFirst() {
        case 0xFF: bytes.append(0)
        case 0: return .bytes(bytes)
        default: return nil
        }
      }
      return nil
    }
  }
}

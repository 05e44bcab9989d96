package import HindcastCore

/// A record identifier in a form whose equality is rule L2: by value, whatever the column's width,
/// sign, unit or zone.
package struct ReferenceKey: Hashable, Sendable {
  /// One identifier component by value.
  package enum Part: Hashable, Sendable {
    case number(Int128)
    case truth(Bool)
    case text([UInt8])
    case binary([UInt8])
    case day(Int128)
    case nanoseconds(Int128)
  }

  /// The components, in key order.
  package let parts: [Part]

  /// The key of a record; nil if a component is null or not a value of its type.
  package init?(_ record: [Value], types: [DataType]) {
    guard record.count == types.count else { return nil }
    var parts: [Part] = []
    for (value, type) in zip(record, types) {
      guard let part = Self.part(value, type) else { return nil }
      parts.append(part)
    }
    self.parts = parts
  }

  private static func part(_ value: Value, _ type: DataType) -> Part? {
    switch (type, value) {
    case (.bool, .bool(let truth)): .truth(truth)
    case (.utf8, .bytes(let bytes)): .text(bytes)
    case (.binary, .bytes(let bytes)): .binary(bytes)
    case (.date, .integer(let days)): .day(days)
    case (.timestamp(let unit, _), .integer(let ticks)):
      .nanoseconds(ticks * nanosecondsPerTick(unit))
    case (.int8, .integer(let number)), (.int16, .integer(let number)),
      (.int32, .integer(let number)), (.int64, .integer(let number)),
      (.uint8, .integer(let number)), (.uint16, .integer(let number)),
      (.uint32, .integer(let number)), (.uint64, .integer(let number)):
      .number(number)
    default: nil
    }
  }

  /// What a type's values are compared as; types of different kinds do not compare.
  enum Kind: Hashable {
    case number, truth, text, binary, day, instant
  }

  /// The kind of an identifier type; nil if the type can't identify records (rule D2).
  static func kind(_ type: DataType) -> Kind? {
    switch type {
    case .bool: .truth
    case .int8, .int16, .int32, .int64, .uint8, .uint16, .uint32, .uint64: .number
    case .utf8: .text
    case .binary: .binary
    case .date: .day
    case .timestamp: .instant
    case .float32, .float64, .decimal128, .list, .set, .vector: nil
    }
  }
}

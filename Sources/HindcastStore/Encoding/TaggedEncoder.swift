import HindcastCore

/// Writes tagged fields: `tag u16, flags u16, length u32, bytes`, all little-endian.
///
/// Integers are 8 bytes (spans of time 16), texts are UTF-8, and a nested structure is tagged
/// fields again. Absent values are left out.
struct TaggedEncoder {
  private(set) var bytes: [UInt8] = []

  /// Bit 0 of a field's flags: a reader that does not know the tag must not go on.
  static let mustUnderstand: UInt16 = 1

  mutating func bytes(_ tag: UInt16, _ value: [UInt8], mustUnderstand: Bool = false) {
    raw(tag)
    raw(mustUnderstand ? Self.mustUnderstand : 0)
    raw(UInt32(value.count))
    bytes += value
  }

  mutating func integer<Value: FixedWidthInteger>(_ tag: UInt16, _ value: Value) {
    var field: [UInt8] = []
    let width = Value.bitWidth > 64 ? 16 : 8
    for byte in 0..<width {
      field.append(UInt8(truncatingIfNeeded: Int128(truncatingIfNeeded: value) >> (8 * byte)))
    }
    bytes(tag, field)
  }

  mutating func text(_ tag: UInt16, _ value: String) {
    bytes(tag, Array(value.utf8))
  }

  mutating func flag(_ tag: UInt16, _ value: Bool) {
    if value { integer(tag, UInt64(1)) }
  }

  /// A field that holds tagged fields.
  mutating func nested(
    _ tag: UInt16, mustUnderstand: Bool = false, _ fill: (inout TaggedEncoder) -> Void
  ) {
    var inner = TaggedEncoder()
    fill(&inner)
    bytes(tag, inner.bytes, mustUnderstand: mustUnderstand)
  }

  private mutating func raw<Value: FixedWidthInteger>(_ value: Value) {
    for byte in 0..<(Value.bitWidth / 8) {
      bytes.append(UInt8(truncatingIfNeeded: value >> (8 * byte)))
    }
  }
}

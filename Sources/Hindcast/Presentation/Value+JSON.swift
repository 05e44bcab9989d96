public import HindcastCore

extension JSONValue {
  /// A cell as the JSON outputs show it.
  ///
  /// Times are ISO 8601 text, dates `YYYY-MM-DD`, decimals their digits as text, binary base64,
  /// lists, sets and vectors arrays.
  public init(_ value: HindcastCore.Value, as type: DataType) {
    switch (value, type) {
    case (.null, _): self = .null
    case (.bool(let bit), _): self = .bool(bit)
    case (.float32(let bits), _): self = .float(Float(bitPattern: bits))
    case (.float64(let bits), _): self = .double(Double(bitPattern: bits))
    case (.bytes(let bytes), .utf8): self = .string(String(decoding: bytes, as: UTF8.self))
    case (.bytes(let bytes), _): self = .string(Base64.encode(bytes))
    case (.list(let elements), _):
      let element = type.element ?? .float32
      self = .array(elements.map { JSONValue($0, as: element) })
    case (.integer, .timestamp), (.integer, .date), (.integer, .decimal128):
      self = .string(value.text(as: type))
    case (.integer(let number), _): self = .integer(number)
    }
  }
}

extension Value {
  /// A cell as tables and messages show it; null is an empty text.
  public func text(as type: DataType) -> String {
    switch (self, type) {
    case (.null, _): ""
    case (.integer(let ticks), .timestamp(let unit, _)):
      Instant(nanoseconds: ticks * Int128(unit.nanoseconds)).iso8601
    case (.integer(let days), .date): CivilDate(daysSince1970: Int(clamping: days)).description
    case (.integer(let unscaled), .decimal128(_, let scale)):
      Self.decimal(unscaled, scale: scale)
    case (.integer(let number), _): String(number)
    case (.bytes(let bytes), .utf8): String(decoding: bytes, as: UTF8.self)
    case (.bytes(let bytes), _): Base64.encode(bytes)
    default: JSONValue(self, as: type).compact
    }
  }

  private static func decimal(_ unscaled: Int128, scale: Int) -> String {
    let sign = unscaled < 0 ? "-" : ""
    let digits = String(unscaled.magnitude)
    guard scale > 0 else {
      return sign + digits + (unscaled == 0 ? "" : String(repeating: "0", count: -scale))
    }
    let padding = String(repeating: "0", count: max(0, scale + 1 - digits.count))
    let padded = padding + digits
    return sign + padded.dropLast(scale) + "." + padded.suffix(scale)
  }
}

/// RFC 4648 base64, as binary values are written in text formats.
enum Base64 {
  private static let alphabet = Array(
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

  /// The text of `bytes`, padded.
  static func encode(_ bytes: [UInt8]) -> String {
    var text: [UInt8] = []
    for start in stride(from: 0, to: bytes.count, by: 3) {
      let chunk = bytes[start..<min(start + 3, bytes.count)]
      var word = chunk.reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
      word <<= UInt32(8 * (3 - chunk.count))
      for place in 0..<4 {
        let symbol = alphabet[Int(word >> UInt32(18 - 6 * place) & 63)]
        text.append(place <= chunk.count ? symbol : UInt8(ascii: "="))
      }
    }
    return String(decoding: text, as: UTF8.self)
  }

  /// The bytes of `text`; nil if it is not padded base64.
  static func decode(_ text: String) -> [UInt8]? {
    let symbols = Array(text.utf8)
    guard symbols.count % 4 == 0 else { return nil }
    var bytes: [UInt8] = []
    for start in stride(from: 0, to: symbols.count, by: 4) {
      let group = symbols[start..<start + 4]
      let padding = group.reversed().prefix { $0 == UInt8(ascii: "=") }.count
      guard padding <= 2, padding == 0 || start + 4 == symbols.count else { return nil }
      var word: UInt32 = 0
      for symbol in group.prefix(4 - padding) {
        guard let index = alphabet.firstIndex(of: symbol) else { return nil }
        word = word << 6 | UInt32(index)
      }
      word <<= UInt32(6 * padding)
      bytes += [16, 8, 0].prefix(3 - padding).map { UInt8(truncatingIfNeeded: word >> $0) }
    }
    return bytes
  }
}

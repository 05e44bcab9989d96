import HindcastCore

/// Collects the elements of flat JSON arrays as text: strings unescaped, numbers and booleans as
/// they are written, null as null.
struct TextElements {
  private(set) var count = 0
  private var bytes: [UInt8] = []
  private var ends: [Int32] = [0]
  private var isThere: [Bool] = []

  /// Adds an array's elements; false, with nothing added, if it is no flat JSON array.
  mutating func append(jsonArray text: Span<UInt8>) -> Bool {
    let before = (count, bytes.count)
    var cursor = JSONCursor(position: 0)
    if scan(text, &cursor) { return true }
    ends.removeLast(count - before.0)
    isThere.removeLast(count - before.0)
    bytes.removeLast(bytes.count - before.1)
    count = before.0
    return false
  }

  /// All elements as a column.
  consuming func finish() -> Column {
    var validity = MutableBuffer(byteCount: Bits.byteCount(count))
    var bits = validity.mutableSpan(of: UInt8.self)
    for (index, isThere) in isThere.enumerated() where isThere { Bits.set(&bits, index) }
    return Column(
      type: .utf8, count: count, nullCount: isThere.count { !$0 }, validity: validity.freeze(),
      body: .bytes(offsets: Buffer(ends), data: Buffer(bytes)))
  }

  private struct JSONCursor {
    var position: Int

    mutating func skipSpaces(_ text: Span<UInt8>) {
      while position < text.count, [0x20, 0x09, 0x0A, 0x0D].contains(text[position]) {
        position += 1
      }
    }

    mutating func skip(_ text: Span<UInt8>, _ character: Unicode.Scalar) -> Bool {
      skipSpaces(text)
      guard position < text.count, text[position] == UInt8(ascii: character) else { return false }
      position += 1
      return true
    }
  }

  private mutating func scan(_ text: Span<UInt8>, _ cursor: inout JSONCursor) -> Bool {
    guard cursor.skip(text, "[") else { return false }
    if !cursor.skip(text, "]") {
      repeat {
        guard scanElement(text, &cursor) else { return false }
      } while cursor.skip(text, ",")
      guard cursor.skip(text, "]") else { return false }
    }
    cursor.skipSpaces(text)
    return cursor.position == text.count
  }

  private mutating func scanElement(_ text: Span<UInt8>, _ cursor: inout JSONCursor) -> Bool {
    if cursor.skip(text, "\"") { return scanString(text, &cursor) }
    let start = cursor.position
    while cursor.position < text.count, isPlain(text[cursor.position]) { cursor.position += 1 }
    let token = text.extracting(start..<cursor.position)
    switch token.count {
    case 0: return false
    case 4 where string(token) == "null":
      finishElement(isThere: false)
      return true
    case 4 where string(token) == "true", 5 where string(token) == "false": break
    default: guard DecimalScan(token) != nil else { return false }
    }
    for index in token.indices { bytes.append(token[index]) }
    finishElement(isThere: true)
    return true
  }

  private func isPlain(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "+"),
      UInt8(ascii: "."):
      true
    default: false
    }
  }

  private mutating func finishElement(isThere present: Bool) {
    ends.append(Int32(truncatingIfNeeded: bytes.count))
    isThere.append(present)
    count += 1
  }

  private mutating func scanString(_ text: Span<UInt8>, _ cursor: inout JSONCursor) -> Bool {
    while cursor.position < text.count {
      let byte = text[cursor.position]
      cursor.position += 1
      switch byte {
      case UInt8(ascii: "\""):
        finishElement(isThere: true)
        return true
      case UInt8(ascii: "\\"):
        guard scanEscape(text, &cursor) else { return false }
      default: bytes.append(byte)
      }
    }
    return false
  }

  private mutating func scanEscape(_ text: Span<UInt8>, _ cursor: inout JSONCursor) -> Bool {
    guard cursor.position < text.count else { return false }
    let byte = text[cursor.position]
    cursor.position += 1
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): bytes.append(byte)
    case UInt8(ascii: "b"): bytes.append(0x08)
    case UInt8(ascii: "f"): bytes.append(0x0C)
    case UInt8(ascii: "n"): bytes.append(0x0A)
    case UInt8(ascii: "r"): bytes.append(0x0D)
    case UInt8(ascii: "t"): bytes.append(0x09)
    case UInt8(ascii: "u"):
      guard let scalar = scanScalar(text, &cursor) else { return false }
      bytes += String(scalar).utf8
    default: return false
    }
    return true
  }

  /// Four hex digits, or two groups of them where the first is a high surrogate.
  private func scanScalar(_ text: Span<UInt8>, _ cursor: inout JSONCursor) -> Character? {
    guard let unit = hexUnit(text, &cursor) else { return nil }
    guard (0xD800...0xDBFF).contains(unit) else {
      return Unicode.Scalar(unit).map { Character($0) }
    }
    guard cursor.position + 1 < text.count, text[cursor.position] == UInt8(ascii: "\\"),
      text[cursor.position + 1] == UInt8(ascii: "u")
    else { return nil }
    cursor.position += 2
    guard let low = hexUnit(text, &cursor), (0xDC00...0xDFFF).contains(low) else { return nil }
    return Unicode.Scalar(0x10000 + (unit - 0xD800) << 10 + (low - 0xDC00)).map { Character($0) }
  }

  private func hexUnit(_ text: Span<UInt8>, _ cursor: inout JSONCursor) -> UInt32? {
    guard cursor.position + 4 <= text.count else { return nil }
    let digits = string(text.extracting(cursor.position..<cursor.position + 4))
    cursor.position += 4
    return digits.allSatisfy(\.isHexDigit) ? UInt32(digits, radix: 16) : nil
  }
}

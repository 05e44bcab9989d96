import HindcastCore

/// The symbols of a page, by code: sequences of 1...8 bytes.
struct SymbolTable: Sendable {
  static let escape: UInt8 = 255

  /// For each code: the symbol's bytes, little-endian, `UInt64`; 256 of them.
  private let symbols: Buffer
  /// For each code: the symbol's length, `UInt8`; 0 where there is none.
  private let lengths: Buffer
  let count: Int

  /// Reads symbols that lie in `content`: the place of their lengths, 1...8, and of their bytes.
  init(_ content: RawSpan, lengths: Range<Int>, data: Range<Int>) {
    count = lengths.count
    var symbols = MutableBuffer(byteCount: 256 * 8)
    var symbolLengths = MutableBuffer(byteCount: 256)
    var target = symbols.mutableSpan(of: UInt64.self)
    var lengthTarget = symbolLengths.mutableSpan(of: UInt8.self)
    var start = data.lowerBound
    for code in 0..<count {
      let length = Int(content.load(lengths.lowerBound + code, as: UInt8.self))
      for byte in 0..<length {
        target[code] |= UInt64(content.load(start + byte, as: UInt8.self)) << UInt64(byte * 8)
      }
      lengthTarget[code] = UInt8(length)
      start += length
    }
    self.symbols = symbols.freeze()
    self.lengths = symbolLengths.freeze()
  }

  /// The bytes that `codes` stand for; nil if one has no symbol or an escape ends them.
  func decodedByteCount(_ codes: RawSpan) -> Int? {
    let lengths = self.lengths.span(of: UInt8.self)
    var total = 0
    var index = 0
    while index < codes.byteCount {
      let code = codes.load(index, as: UInt8.self)
      index += 1
      if code == Self.escape {
        guard index < codes.byteCount else { return nil }
        index += 1
        total += 1
      } else {
        let length = Int(lengths[Int(code)])
        guard length > 0 else { return nil }
        total += length
      }
    }
    return total
  }

  /// Adds the bytes that `codes`, which must be checked, stand for.
  func decode(_ codes: RawSpan, to out: inout MutableBuffer) {
    let symbols = self.symbols.span(of: UInt64.self)
    let lengths = self.lengths.span(of: UInt8.self)
    var index = 0
    while index < codes.byteCount {
      let code = codes.load(index, as: UInt8.self)
      if code == Self.escape {
        out.append(codes.load(index + 1, as: UInt8.self))
        index += 2
      } else {
        let length = Int(lengths[Int(code)])
        out.append(symbols[Int(code)])
        out.resize(byteCount: out.byteCount - 8 + length)
        index += 1
      }
    }
  }
}

import HindcastCore

/// The inner loops of a result's hash: plain loops over spans.
enum HashKernels {
  /// A byte for each of `count` bits, 0 or 1; all 1 without bits.
  static func spread(_ bits: Buffer?, _ count: Int, into target: inout MutableBuffer) {
    guard let bits else {
      var bytes = target.mutableSpan(of: UInt8.self)
      for row in 0..<count { bytes[row] = 1 }
      return
    }
    let source = bits.span(of: UInt8.self).extracting(0..<Bits.byteCount(count))
    spreadWords(source, count >> 3, &target)
    var bytes = target.mutableSpan(of: UInt8.self)
    for row in count & ~7..<count { bytes[row] = Bits.get(source, row) ? 1 : 0 }
  }

  /// Eight bits to eight bytes at a time.
  private static func spreadWords(
    _ source: Span<UInt8>, _ count: Int, _ target: inout MutableBuffer
  ) {
    let spreading: UInt64 = 0x0101_0101_0101_0101
    var words = target.mutableSpan(of: UInt64.self)
    for index in 0..<count {
      // Byte i keeps bit i alone, which then becomes 1.
      let bits = UInt64(source[index]) &* spreading & 0x8040_2010_0804_0201
      words[index] = (bits &+ 0x7F7F_7F7F_7F7F_7F7F) &>> 7 & spreading
    }
  }

  /// Zeros where `present` has them; both have bytes of 0 and 1.
  static func mask(_ bytes: inout MutableBuffer, _ present: Buffer) {
    let marks = present.span(of: UInt8.self)
    var target = bytes.mutableSpan(of: UInt8.self)
    for row in target.indices { target[row] &= marks[row] }
  }

  /// Copies values of `width` bytes, zeros in place of those that are not present.
  static func copyPresent(
    _ values: Buffer, _ present: Buffer, _ rows: Range<Int>, width: Int,
    into target: inout MutableBuffer
  ) {
    let marks = present.span(of: UInt8.self).extracting(rows)
    switch width {
    case 1: copy(values.span(of: UInt8.self).extracting(rows), marks, &target)
    case 2: copy(values.span(of: UInt16.self).extracting(rows), marks, &target)
    case 4: copy(values.span(of: UInt32.self).extracting(rows), marks, &target)
    case 8: copy(values.span(of: UInt64.self).extracting(rows), marks, &target)
    default:
      let from = rows.lowerBound * width
      target.copy(
        values.span(of: UInt8.self).extracting(from..<from + rows.count * width), to: 0)
      var bytes = target.mutableSpan(of: UInt8.self)
      for row in marks.indices where marks[row] == 0 {
        for byte in row * width..<(row + 1) * width { bytes[byte] = 0 }
      }
    }
  }

  @inline(__always)
  private static func copy<Word: FixedWidthInteger & UnsignedInteger & BitwiseCopyable>(
    _ source: Span<Word>, _ marks: Span<UInt8>, _ target: inout MutableBuffer
  ) {
    var words = target.mutableSpan(of: Word.self)
    precondition(source.count == marks.count && words.count == marks.count)
    for row in marks.indices {
      words[row] = source[row] & (0 &- Word(truncatingIfNeeded: marks[row]))
    }
  }
}

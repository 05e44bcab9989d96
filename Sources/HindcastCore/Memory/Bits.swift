/// Bit maps in Arrow order: bit `i` is bit `i % 8` of byte `i / 8`, least significant first.
public enum Bits {
  /// The bytes that `count` bits take.
  @inlinable
  public static func byteCount(_ count: Int) -> Int { (count + 7) >> 3 }

  /// Bit `index`.
  @inlinable
  public static func get(_ bytes: Span<UInt8>, _ index: Int) -> Bool {
    bytes[index >> 3] >> UInt8(truncatingIfNeeded: index & 7) & 1 != 0
  }

  /// Sets bit `index`.
  @inlinable
  public static func set(_ bytes: inout MutableSpan<UInt8>, _ index: Int) {
    bytes[index >> 3] |= 1 << UInt8(truncatingIfNeeded: index & 7)
  }

  /// Clears bit `index`.
  @inlinable
  public static func clear(_ bytes: inout MutableSpan<UInt8>, _ index: Int) {
    bytes[index >> 3] &= ~(1 << UInt8(truncatingIfNeeded: index & 7))
  }

  /// How many of the first `count` bits are set.
  ///
  /// O(count / 8).
  public static func population(_ bytes: Span<UInt8>, count: Int) -> Int {
    let whole = count >> 3
    var total = 0
    for index in 0..<whole { total += bytes[index].nonzeroBitCount }
    let rest = count & 7
    if rest > 0 { total += (bytes[whole] & (1 << UInt8(rest) - 1)).nonzeroBitCount }
    return total
  }

  /// Copies `count` bits that start at `sourceStart` to a new buffer that starts at bit 0.
  public static func slice(_ bytes: Span<UInt8>, from sourceStart: Int, count: Int) -> Buffer {
    var buffer = MutableBuffer(byteCount: byteCount(count))
    var target = buffer.mutableSpan(of: UInt8.self)
    let shift = UInt8(sourceStart & 7)
    let first = sourceStart >> 3
    for index in target.indices {
      var byte = bytes[first + index] >> shift
      if shift != 0, first + index + 1 < bytes.count {
        byte |= bytes[first + index + 1] << (8 - shift)
      }
      target[index] = byte
    }
    if count & 7 != 0 { target[target.count - 1] &= 1 << UInt8(count & 7) - 1 }
    return buffer.freeze()
  }
}

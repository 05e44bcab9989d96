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

  /// The bits that `bit` gives, 0 or 1 for each index, built a byte at a time in a register.
  @inline(__always)
  static func pack(_ count: Int, _ bit: (Int) -> UInt32) -> Buffer {
    var result = unsafe MutableBuffer(uninitializedByteCount: byteCount(count))
    var target = result.mutableSpan(of: UInt8.self)
    let whole = count >> 3
    for index in 0..<whole {
      let first = 8 * index
      let low =
        bit(first) | bit(first + 1) << 1 | bit(first + 2) << 2 | bit(first + 3) << 3
      let high =
        bit(first + 4) | bit(first + 5) << 1 | bit(first + 6) << 2 | bit(first + 7) << 3
      target[index] = UInt8(truncatingIfNeeded: low | high << 4)
    }
    if count & 7 != 0 {
      var byte: UInt32 = 0
      for index in 8 * whole..<count { byte |= bit(index) << UInt32(index & 7) }
      target[whole] = UInt8(truncatingIfNeeded: byte)
    }
    return result.freeze()
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

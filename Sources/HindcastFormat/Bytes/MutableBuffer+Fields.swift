import HindcastCore

extension MutableBuffer {
  /// Adds an integer, little-endian.
  mutating func put<T: FixedWidthInteger & BitwiseCopyable>(_ value: T) {
    append(value.littleEndian)
  }

  /// Adds an offset, a length or a count as `u64`.
  mutating func put(count: Int) { append(UInt64(count).littleEndian) }

  /// Adds a text's UTF-8 bytes.
  mutating func put(text: String) { append(contentsOf: Array(text.utf8).span) }

  /// Adds zeros up to a multiple of 8.
  mutating func pad8() { resize(byteCount: padded8(byteCount)) }
}

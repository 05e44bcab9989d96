import HindcastCore

extension RawSpan {
  /// The little-endian integer at `offset`, aligned or not; traps if it is not wholly inside.
  @inline(__always)
  func load<T: FixedWidthInteger & BitwiseCopyable>(_ offset: Int, as type: T.Type) -> T {
    T(littleEndian: unsafe unsafeLoadUnaligned(fromByteOffset: offset, as: T.self))
  }
}

/// `count` rounded up to a multiple of 8.
func padded8(_ count: Int) -> Int { (count + 7) & ~7 }

/// The 64-bit words that `count` values of `bits` bits take.
///
/// Both must be proven small.
func packedWordCount(_ count: Int, bits: Int) -> Int { (count * bits + 63) >> 6 }

/// The bits that hold numbers up to `value`: 0 for 0.
func bitWidth(_ value: UInt64) -> Int { 64 - value.leadingZeroBitCount }

import CLZ4
import HindcastCore

/// The most that an lz4 block can decompress to, per stored byte.
private let greatestRatio = 255

func decompressLZ4(_ stored: Buffer, byteCount: Int) -> Buffer? {
  guard byteCount <= stored.byteCount * greatestRatio, stored.byteCount <= Int(Int32.max) else {
    return nil
  }
  let target = unsafe MutableBuffer(uninitializedByteCount: byteCount)
  let written = unsafe LZ4_decompress_safe(
    stored.address.assumingMemoryBound(to: CChar.self),
    target.address.assumingMemoryBound(to: CChar.self), Int32(stored.byteCount),
    Int32(byteCount))
  return Int(written) == byteCount ? target.freeze() : nil
}

/// An lz4 block of `content`; nil if it would take more than `limit` bytes.
func compressLZ4(_ content: Buffer, limit: Int) -> Buffer? {
  guard content.byteCount <= Int(LZ4_MAX_INPUT_SIZE), limit > 0 else { return nil }
  var target = MutableBuffer(byteCount: limit)
  let written = unsafe LZ4_compress_default(
    content.address.assumingMemoryBound(to: CChar.self),
    target.address.assumingMemoryBound(to: CChar.self), Int32(content.byteCount), Int32(limit))
  guard written > 0 else { return nil }
  target.resize(byteCount: Int(written))
  return target.freeze()
}

import CLZ4
import CXXHash
import HindcastCore

/// LZ4 over blocks in memory, for temporary files.
enum BlockCodec {
  /// The bytes compressed; nil if that saves nothing, or they are too many.
  static func compress(_ block: Buffer) -> Buffer? {
    guard block.byteCount > 0, block.byteCount <= 0x7E00_0000 else { return nil }
    var target = unsafe MutableBuffer(uninitializedByteCount: block.byteCount)
    let capacity = Int32(truncatingIfNeeded: block.byteCount)
    let count = unsafe LZ4_compress_default(
      block.address.assumingMemoryBound(to: CChar.self),
      target.address.assumingMemoryBound(to: CChar.self), capacity, capacity)
    guard count > 0, count < capacity else { return nil }
    target.resize(byteCount: Int(count))
    return target.freeze()
  }

  /// The bytes that `count` bytes were compressed to, back again; nil if they are damaged.
  static func decompress(_ block: Buffer, to count: Int) -> Buffer? {
    guard let size = Int32(exactly: block.byteCount), let capacity = Int32(exactly: count) else {
      return nil
    }
    let target = unsafe MutableBuffer(uninitializedByteCount: count)
    let length = unsafe LZ4_decompress_safe(
      block.address.assumingMemoryBound(to: CChar.self),
      target.address.assumingMemoryBound(to: CChar.self), size, capacity)
    return length == capacity ? target.freeze() : nil
  }

  /// XXH64 of a block.
  static func checksum(_ block: Buffer, seed: UInt64) -> UInt64 {
    unsafe hindcast_xxh64(block.address, block.byteCount, seed)
  }
}

import HindcastCore
import HindcastFormat

/// A segment's bytes with one bit the other way round, or without their end; nothing is copied.
final class DamagedFile: ReadableFile {
  let path = "(damaged)"
  let byteCount: Int
  private let original: MemoryFile
  private let flipped: (offset: Int, mask: UInt8)?

  /// Turns bit `bit` of the file around.
  init(_ bytes: Buffer, flipping bit: Int) {
    original = MemoryFile(bytes)
    byteCount = bytes.byteCount
    flipped = (bit >> 3, 1 << UInt8(bit & 7))
  }

  /// Keeps the first `byteCount` bytes.
  init(_ bytes: Buffer, cutTo byteCount: Int) {
    original = MemoryFile(bytes)
    self.byteCount = byteCount
    flipped = nil
  }

  func read(at offset: Int, into target: inout MutableRawSpan) throws(HindcastError) {
    guard offset >= 0, target.byteCount <= byteCount - offset else {
      throw HindcastError(.corrupt, "the file ends before byte \(offset) + \(target.byteCount)")
    }
    try original.read(at: offset, into: &target)
    guard let flipped, (0..<target.byteCount).contains(flipped.offset - offset) else { return }
    unsafe target.withUnsafeMutableBytes {
      unsafe $0[flipped.offset - offset] ^= flipped.mask
    }
  }
}

import Crypto
import HindcastCore
import HindcastFormat
import HindcastStore

/// Hashes of whole files.
enum FileHash {
  private static let blockBytes = 1 << 20

  /// SHA-256 of a file's bytes in lower-case hexadecimal; a block in memory.
  static func sha256(_ path: String) throws(HindcastError) -> String {
    let file = try LocalFileSystem().openFile(path)
    var hash = SHA256()
    var offset = 0
    while offset < file.byteCount {
      let count = min(blockBytes, file.byteCount - offset)
      var block = [UInt8](repeating: 0, count: count)
      var span = block.mutableSpan
      var target = unsafe span.mutableBytes
      try file.read(at: offset, into: &target)
      hash.update(Buffer(block).bytes)
      offset += count
    }
    return hexadecimal(hash.finalize())
  }
}

extension SHA256 {
  /// Takes bytes in.
  mutating func update(_ bytes: RawSpan) {
    unsafe bytes.withUnsafeBytes { unsafe update(bufferPointer: $0) }
  }
}

/// A digest in lower-case hexadecimal.
func hexadecimal(_ digest: some Sequence<UInt8>) -> String {
  let digits = Array("0123456789abcdef")
  return String(digest.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] })
}

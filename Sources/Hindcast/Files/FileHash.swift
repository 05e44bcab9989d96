import HindcastCore
import HindcastFormat
import HindcastStore

/// Hashes of whole files.
enum FileHash {
  private static let blockBytes = 1 << 20

  /// SHA-256 of a file's bytes in lower-case hexadecimal; a block in memory.
  static func sha256(_ path: String) throws(HindcastError) -> String {
    let file = try LocalFileSystem().openFile(path)
    let hash = SHA256()
    var offset = 0
    while offset < file.byteCount {
      let count = min(blockBytes, file.byteCount - offset)
      var block = [UInt8](repeating: 0, count: count)
      var span = block.mutableSpan
      var target = unsafe span.mutableBytes
      try file.read(at: offset, into: &target)
      hash.update(block)
      offset += count
    }
    return hexadecimal(hash.finish())
  }
}

import HindcastCore

/// How a page's content is compressed as a whole (01-container.md, "Page directory").
enum BlockCodec: UInt8, CaseIterable {
  case none = 0
  case lz4, zstd

  /// The name that `inspect` shows.
  var name: String {
    switch self {
    case .none: "none"
    case .lz4: "lz4"
    case .zstd: "zstd"
    }
  }

  /// Decompresses to exactly `byteCount` bytes; nil if the bytes do not allow it.
  func decompress(_ stored: Buffer, byteCount: Int) -> Buffer? {
    switch self {
    case .none: stored.byteCount == byteCount ? stored : nil
    case .lz4: decompressLZ4(stored, byteCount: byteCount)
    case .zstd: decompressZstd(stored, byteCount: byteCount)
    }
  }
}

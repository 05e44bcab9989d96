import HindcastCore

/// Compresses pages as a profile wants it: only where that saves enough.
///
/// A column whose pages did not gain is tried ever more rarely, so that incompressible data costs
/// little; what is tried depends on the data alone.
final class PageCompressor {
  private let profile: Profile
  private let zstd: ZstdCompressor
  private var failures = 0
  private var pagesToSkip = 0

  init(profile: Profile, zstd: ZstdCompressor) {
    self.profile = profile
    self.zstd = zstd
  }

  static func zstd(for profile: Profile) -> ZstdCompressor {
    ZstdCompressor(level: profile == .small ? 9 : 1)
  }

  /// The bytes to store for `content`, and how they are compressed.
  func compress(_ content: Buffer) -> (stored: Buffer, codec: BlockCodec) {
    let units = Self.units(content.byteCount)
    let limit = (units - leastSaving(units)) * Limits.alignment
    guard limit > 0 else { return (content, .none) }
    if pagesToSkip > 0 {
      pagesToSkip -= 1
      return (content, .none)
    }
    let codec: BlockCodec = profile == .fast ? .lz4 : .zstd
    let stored =
      codec == .lz4
      ? compressLZ4(content, limit: limit) : zstd.compress(content, limit: limit)
    guard let stored else {
      failures = min(failures + 1, 4)
      pagesToSkip = profile == .small ? 0 : 1 << failures - 1
      return (content, .none)
    }
    failures = 0
    return (stored, codec)
  }

  /// The 64-byte units that compression must save.
  private func leastSaving(_ units: Int) -> Int {
    switch profile {
    case .balanced: max(1, (units + 4) / 5)
    case .fast: max(1, (units + 3) / 4)
    case .small: 1
    }
  }

  private static func units(_ byteCount: Int) -> Int {
    (byteCount + Limits.alignment - 1) / Limits.alignment
  }
}

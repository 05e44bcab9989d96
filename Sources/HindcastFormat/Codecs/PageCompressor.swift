import HindcastCore

/// Compresses the pages of a column as a profile wants it: only where that saves enough.
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

  /// Whether the next page is to be tried; to be asked once a page.
  func isDue() -> Bool {
    guard pagesToSkip > 0 else { return true }
    pagesToSkip -= 1
    return false
  }

  /// The page compressed; nil if that does not save enough of the `byteCount` bytes that it would
  /// take otherwise.
  func compress(_ content: Buffer, against byteCount: Int) -> (stored: Buffer, codec: BlockCodec)? {
    let units = Self.units(byteCount)
    let limit = (units - leastSaving(units)) * Limits.alignment
    let codec: BlockCodec = profile == .fast ? .lz4 : .zstd
    let stored =
      limit <= 0
      ? nil
      : codec == .lz4
        ? compressLZ4(content, limit: limit) : zstd.compress(content, limit: limit)
    guard let stored else {
      failures = min(failures + 1, 5)
      pagesToSkip = 1 << failures - 1
      return nil
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

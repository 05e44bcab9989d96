/// What a segment's writer favours.
///
/// Readers need not know it.
public enum Profile: String, Sendable, CaseIterable {
  /// zstd where it pays for a whole-page decompression.
  case balanced
  /// lz4, and only where it saves much.
  case fast
  /// A higher zstd level and larger pages.
  case small
}

extension Profile {
  /// The bytes of values that a page of plain values aims at, before encoding.
  var pageByteTarget: Int {
    switch self {
    case .balanced, .fast: 16 << 10
    case .small: 64 << 10
    }
  }
}

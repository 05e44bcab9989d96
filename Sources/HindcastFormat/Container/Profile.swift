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
  /// The encoded bytes that a page aims at.
  ///
  /// A look-up reads and checks a page for a value, and a page costs some 100 bytes beside its
  /// content.
  var pageByteTarget: Int {
    switch self {
    case .balanced, .fast: 16 << 10
    case .small: 64 << 10
    }
  }
}

import HindcastCore

/// Decides whether a page is compressed as a whole, and in which form.
///
/// A codec finds more in bytes than in packed bits and codes, so a page is also laid out plainly for
/// it: texts always, other types where size is all that counts. It has to save enough over the light
/// encodings, of which a value is read by itself.
final class PageCodec {
  private let light: PageCompressor
  private let plain: PageCompressor?
  private let plainWriter: NodeWriter

  /// The encodings that hide repeated bytes.
  private static let bitwise = [
    Encoding.packed, .delta, .patched, .sparse, .alpRD, .fsst, .alphabet,
  ]

  init(
    _ type: DataType, profile: Profile, zstd: ZstdCompressor, options: EncodingOptions
  ) {
    light = PageCompressor(profile: profile, zstd: zstd)
    let isPlainTried = profile == .small || type.layout == .bytes && profile == .balanced
    plain = isPlainTried ? PageCompressor(profile: profile, zstd: zstd) : nil
    plainWriter = NodeWriter(options: options.leavingOut(Self.bitwise))
  }

  /// A page as it is stored.
  struct Packed {
    var stored: Buffer
    var codec: BlockCodec
    var contentByteCount: Int
  }

  /// The form of a page that is stored; `content` is its light encoding.
  func pack(_ page: Column, _ content: Buffer) -> Packed {
    var best = Packed(stored: content, codec: .none, contentByteCount: content.byteCount)
    if light.isDue(), let (stored, codec) = light.compress(content, against: content.byteCount) {
      best = Packed(stored: stored, codec: codec, contentByteCount: content.byteCount)
    }
    guard let plain, plain.isDue() else { return best }
    var nodes = MutableBuffer(capacity: 16 << 10)
    plainWriter.writeColumn(page, to: &nodes)
    let bytes = nodes.freeze()
    if let (stored, codec) = plain.compress(bytes, against: best.stored.byteCount) {
      best = Packed(stored: stored, codec: codec, contentByteCount: bytes.byteCount)
    }
    return best
  }
}

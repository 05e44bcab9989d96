import HindcastCore

/// Decides whether a page is compressed as a whole, and in which form.
///
/// A codec finds more in bytes than in bits that cross them, so a page is also laid out in whole
/// bytes for it: texts always, other types where size is all that counts. It has to save enough
/// over the light encodings, of which a value is read by itself.
final class PageCodec {
  private let light: PageCompressor
  private let bytewise: PageCompressor?
  private let bytewiseWriter: NodeWriter

  init(
    _ type: DataType, profile: Profile, zstd: ZstdCompressor, options: EncodingOptions
  ) {
    light = PageCompressor(profile: profile, zstd: zstd)
    let isTried = profile == .small || type.layout == .bytes && profile == .balanced
    bytewise = isTried ? PageCompressor(profile: profile, zstd: zstd) : nil
    bytewiseWriter = NodeWriter(
      options: options.bytewise, history: EncodingHistory(for: profile))
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
    guard let bytewise, bytewise.isDue() else { return best }
    var nodes = MutableBuffer(capacity: 16 << 10)
    bytewiseWriter.writeColumn(page, to: &nodes)
    let bytes = nodes.freeze()
    if let (stored, codec) = bytewise.compress(bytes, against: best.stored.byteCount) {
      best = Packed(stored: stored, codec: codec, contentByteCount: bytes.byteCount)
    }
    return best
  }
}

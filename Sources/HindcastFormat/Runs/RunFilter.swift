import HindcastCore

/// The bloom filter over the record identifiers of one run page: 64 blocks of 256 bits.
///
/// A split-block filter (Putze, Sanders and Singler, 2007; the layout is Parquet's): a key sets one
/// bit in each of the eight words of one block, so that asking for one touches half a cache line.
/// At 1,024 keys about one of 1,000 other keys seems to be there.
struct RunFilter {
  /// log2 of the blocks of a run page.
  static let rowShift = 6
  /// A block as a column has it.
  static let blockType = DataType.vector(dimension: 8)
  static let blockByteCount = 32

  private static let salts: InlineArray<8, UInt32> = [
    0x47b6_137b, 0x4497_4d91, 0x8824_ad5b, 0xa2b7_289d, 0x7054_95c7, 0x2df1_424b, 0x9efc_4947,
    0x5c6b_fb31,
  ]

  private var words = [UInt32](repeating: 0, count: 8 << rowShift)

  /// Adds a key.
  mutating func insert(_ key: RawSpan) {
    let hash = hash64(key, seed: 0)
    let start = Self.block(of: hash) * 8
    for index in 0..<8 { words[start + index] |= Self.bit(index, of: hash) }
  }

  /// The blocks as a column of ``blockType``.
  func column() -> Column {
    Column(
      type: Self.blockType, count: 1 << Self.rowShift, nullCount: 0, validity: nil,
      body: .fixed(Buffer(words)))
  }

  /// The block that a key with this hash is in.
  static func block(of hash: UInt64) -> Int { Int(hash >> 58) }

  /// Whether a block may hold a key with this hash.
  static func mayContain(_ hash: UInt64, block: RawSpan) -> Bool {
    for index in 0..<8 where block.load(index * 4, as: UInt32.self) & bit(index, of: hash) == 0 {
      return false
    }
    return true
  }

  /// The bit that a key with this hash sets in word `index` of its block.
  private static func bit(_ index: Int, of hash: UInt64) -> UInt32 {
    1 << ((UInt32(truncatingIfNeeded: hash) &* salts[index]) >> 27)
  }
}

import HindcastCore
import Synchronization

/// Finds pages through root, block and entry.
///
/// Keeps the root and the blocks used last.
final class PageDirectory: Sendable {
  private let source: SegmentSource
  private let entry: ColumnEntry
  private let type: DataType
  private let name: String
  private let cache = Mutex(Cache())

  private struct Cache {
    var root: Buffer?
    var blocks: [(index: Int, bytes: Buffer)?] = Array(repeating: nil, count: slotCount)
    static let slotCount = 16
  }

  init(_ entry: ColumnEntry, type: DataType, name: String, source: SegmentSource) {
    self.source = source
    self.entry = entry
    self.type = type
    self.name = name
  }

  /// What the directory says of page `index`, checked (steps 14 to 16).
  func page(_ index: Int) throws(HindcastError) -> PageEntry {
    precondition(index >= 0 && index < entry.pageCount, "\(name) has no page \(index)")
    let blockIndex = index >> entry.blockShift
    let (block, offset) = try block(blockIndex)
    let place = source.place("page directory", offset, column: name)
    var fields = FieldReader(block, place: place, code: .segmentBadPageDirectory)
    try fields.skip((index - blockIndex << entry.blockShift) * entry.pageEntryByteCount)
    let page = try PageEntry(&fields, hasZones: entry.hasZones)
    try check(page, rowCount: entry.rowCount(ofPage: index), fields)
    return page
  }

  private func check(
    _ page: PageEntry, rowCount: Int, _ fields: FieldReader
  ) throws(HindcastError) {
    let limit: Int
    switch type.layout {
    case .bits: limit = rowCount * 2 + 1024
    case .fixed(let width): limit = rowCount * (width + 1) + 1024
    case .bytes, .list: limit = Limits.contentByteCount
    }
    let isNullable = entry.kind == .feature || entry.kind == .createdTime
    guard page.piece.isInside(source.fileByteCount), page.piece.byteCount > 0,
      page.contentByteCount <= limit, page.nullCount <= (isNullable ? rowCount : 0),
      page.codec != 0 || page.contentByteCount == page.piece.byteCount
    else { throw fields.refusal("a page's entry contradicts the file or the limits") }
    guard BlockCodec(rawValue: page.codec) != nil else {
      throw fields.place.error(
        .segmentUnknownCodec, "codec \(page.codec) is not known: use a newer program",
        at: fields.offset)
    }
  }

  /// The bytes of a block and their offset in the file.
  private func block(_ index: Int) throws(HindcastError) -> (Buffer, Int) {
    let piece = try blockReference(index)
    let slot = index % Cache.slotCount
    let cached = cache.withLock { $0.blocks[slot] }
    if let cached, cached.index == index { return (cached.bytes, piece.offset) }
    let bytes = try source.read(piece, "page directory", column: name)
    cache.withLock { $0.blocks[slot] = (index, bytes) }
    return (bytes, piece.offset)
  }

  func blockReference(_ index: Int) throws(HindcastError) -> PieceReference {
    let root = try root()
    let place = source.place("page directory root", entry.root.offset, column: name)
    var fields = FieldReader(root, place: place, code: .segmentBadPageDirectory)
    try fields.skip(index * PieceReference.byteCount)
    let piece = try PieceReference(&fields)
    let entryCount = min(1 << entry.blockShift, entry.pageCount - index << entry.blockShift)
    guard piece.isInside(source.fileByteCount),
      piece.byteCount == entryCount * entry.pageEntryByteCount
    else { throw fields.refusal("a block is not inside the file, or not as long as its entries") }
    return piece
  }

  private func root() throws(HindcastError) -> Buffer {
    if let root = cache.withLock({ $0.root }) { return root }
    let bytes = try source.read(entry.root, "page directory root", column: name)
    cache.withLock { $0.root = bytes }
    if source.waits.areLikely { tellOfBlocks() }
    return bytes
  }

  /// Tells the disk of the first blocks: writers put them side by side or after their pages.
  private func tellOfBlocks() {
    for index in 0..<min(entry.blockCount, Self.toldBlockCount) {
      guard let piece = try? blockReference(index) else { return }
      source.file.willRead(piece.offset..<piece.offset + piece.byteCount)
    }
  }

  private static let toldBlockCount = 256
}

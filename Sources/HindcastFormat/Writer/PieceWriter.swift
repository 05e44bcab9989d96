import HindcastCore

/// Lays out the pieces of a segment one after the other, each at a multiple of 64.
///
/// Hands out where they lie and their checksums. Pieces wait in memory until they are flushed, so
/// that the caller can write the last batch's while it encodes the next.
final class PieceWriter {
  private let file: any WritableFile
  private let checksum: Checksum
  private var pending = MutableBuffer()
  private(set) var byteCount = 0

  /// Pieces that wait are written without being asked for when they take this much.
  private static let flushByteCount = 8 << 20

  init(file: any WritableFile, uid: SegmentUID) {
    self.file = file
    checksum = Checksum(uid)
  }

  /// Adds a piece, after zeros up to where it may start.
  func write(_ piece: Buffer) throws(HindcastError) -> PieceReference {
    let offset = byteCount + paddingByteCount
    pending.resize(byteCount: pending.byteCount + paddingByteCount)
    pending.append(contentsOf: piece.bytes)
    byteCount = offset + piece.byteCount
    if pending.byteCount >= Self.flushByteCount { try flush() }
    return PieceReference(
      offset: offset, byteCount: piece.byteCount, checksum: checksum.of(piece.bytes, at: offset))
  }

  /// Where the next piece will start.
  var nextOffset: Int { byteCount + paddingByteCount }

  /// Hands everything to the file.
  func flush() throws(HindcastError) {
    guard pending.byteCount > 0 else { return }
    try Self.append(pending, to: file)
    pending.resize(byteCount: 0)
    file.startWriteback()
  }

  private static func append(
    _ bytes: borrowing MutableBuffer, to file: any WritableFile
  ) throws(HindcastError) {
    try file.append(bytes.bytes)
  }

  private var paddingByteCount: Int { -byteCount & (Limits.alignment - 1) }
}

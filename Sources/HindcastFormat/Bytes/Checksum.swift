import CXXHash
import HindcastCore

/// The checksums of one segment: XXH64, seeded with the segment's uid and the piece's offset.
struct Checksum: Sendable {
  private let base: UInt64
  /// Whether any checksum passes: only fuzzing wants that, to get behind them.
  var acceptsAll = false

  init(_ uid: SegmentUID) {
    let bytes = Buffer([uid.high.bigEndian, uid.low.bigEndian])
    base = hash64(bytes.bytes, seed: 0)
  }

  /// Whether a piece that starts at `offset` of the file has the checksum that its parent says.
  func accepts(_ stored: UInt64, of piece: RawSpan, at offset: Int) -> Bool {
    acceptsAll || of(piece, at: offset) == stored
  }

  /// The checksum of a piece that starts at `offset` of the file.
  func of(_ piece: RawSpan, at offset: Int) -> UInt64 {
    hash64(piece, seed: base ^ UInt64(truncatingIfNeeded: offset))
  }
}

/// XXH64 of `bytes`.
package func hash64(_ bytes: RawSpan, seed: UInt64) -> UInt64 {
  unsafe bytes.withUnsafeBytes { buffer in
    guard let start = buffer.baseAddress else { return unsafe hindcast_xxh64("", 0, seed) }
    return unsafe hindcast_xxh64(start, buffer.count, seed)
  }
}

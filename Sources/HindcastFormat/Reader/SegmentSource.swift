import HindcastCore

/// A segment's file, with what every read of a piece needs.
final class SegmentSource: Sendable {
  let file: any ReadableFile
  let checksum: Checksum
  let counters: ReadCounters
  let cache: PageCache?
  /// Whether reads wait for a disk.
  let waits: ReadWaits
  /// The end of the file, read when it was opened.
  private let tail: Buffer
  private let tailOffset: Int

  init(
    file: any ReadableFile, checksum: Checksum, counters: ReadCounters, cache: PageCache?,
    tail: Buffer, tailOffset: Int, waits: ReadWaits = ReadWaits()
  ) {
    self.file = file
    self.checksum = checksum
    self.counters = counters
    self.cache = cache
    self.tail = tail
    self.tailOffset = tailOffset
    self.waits = waits
  }

  /// The same file, whose reads are counted by `counters`.
  func counted(by counters: ReadCounters) -> SegmentSource {
    SegmentSource(
      file: file, checksum: checksum, counters: counters, cache: cache, tail: tail,
      tailOffset: tailOffset, waits: waits)
  }

  var fileByteCount: Int { file.byteCount }

  func place(_ section: String, _ offset: Int, column: String? = nil) -> Place {
    Place(file: file.path, section: section, byteOffset: offset, column: column)
  }

  /// Reads a piece that lies inside the file, and checks its checksum.
  func read(
    _ piece: PieceReference, _ section: String, column: String? = nil
  ) throws(HindcastError) -> Buffer {
    let bytes = try load(piece)
    try check(bytes, piece, section, column: column)
    return bytes
  }

  /// Reads pieces that lie one after the other inside the file in one go, and checks each.
  func read(
    _ pieces: [PieceReference], _ section: String, column: String? = nil
  ) throws(HindcastError) -> [Buffer] {
    guard let first = pieces.first, let last = pieces.last, pieces.count > 1 else {
      return try pieces.map { piece throws(HindcastError) in
        try read(piece, section, column: column)
      }
    }
    let end = last.offset + last.byteCount
    counters.addBytes(end - first.offset)
    let region = try timed(first.offset..<end)
    return try pieces.map { piece throws(HindcastError) in
      let start = piece.offset - first.offset
      let bytes = lend(region, start..<start + piece.byteCount)
      try check(bytes, piece, section, column: column)
      return bytes
    }
  }

  private func check(
    _ bytes: Buffer, _ piece: PieceReference, _ section: String, column: String?
  ) throws(HindcastError) {
    guard checksum.accepts(piece.checksum, of: bytes.bytes, at: piece.offset) else {
      throw place(section, piece.offset, column: column).error(
        .segmentChecksumMismatch,
        "the \(section) is damaged: \(piece.byteCount) bytes do not have their checksum; "
          + "restore the file from a copy")
    }
  }

  private func load(_ piece: PieceReference) throws(HindcastError) -> Buffer {
    let start = piece.offset - tailOffset
    if start >= 0, start + piece.byteCount <= tail.byteCount {
      return lend(tail, start..<start + piece.byteCount)
    }
    counters.addBytes(piece.byteCount)
    return try timed(piece.offset..<piece.offset + piece.byteCount)
  }

  /// Reads bytes, and notes whether the disk let them wait.
  private func timed(_ range: Range<Int>) throws(HindcastError) -> Buffer {
    let start = ContinuousClock.now
    let bytes = try readBytes(file, at: range.lowerBound, byteCount: range.count)
    waits.note(ContinuousClock.now - start, byteCount: range.count)
    return bytes
  }
}

/// Reads `byteCount` bytes, which must lie inside the file.
func readBytes(
  _ file: any ReadableFile, at offset: Int, byteCount: Int
) throws(HindcastError) -> Buffer {
  // A file fills all of it, or throws.
  var buffer = unsafe MutableBuffer(uninitializedByteCount: byteCount)
  var bytes = buffer.mutableSpan(of: UInt8.self)
  var raw = unsafe bytes.mutableBytes
  try file.read(at: offset, into: &raw)
  return buffer.freeze()
}

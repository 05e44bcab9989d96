import HindcastCore

/// What opening a segment reads and checks (steps 1 to 13 of the specification).
struct SegmentParts {
  let uid: SegmentUID
  let schema: SegmentSchema
  let summary: SegmentSummary
  let columns: StoredColumns
  let source: SegmentSource
  /// Header, sections, section table and trailer.
  let pieces: [PieceReference]

  /// The end of the file that is read at once: small segments' metadata lies in it.
  private static let tailByteCount = 4096

  static func open(
    _ file: any ReadableFile, expecting expected: UInt64?, ignoringChecksums: Bool,
    counters: ReadCounters, cache: PageCache?
  ) throws(HindcastError) -> SegmentParts {
    guard file.byteCount >= Header.byteCount + Trailer.byteCount else {
      throw Place(file: file.path, section: "trailer", byteOffset: 0).error(
        .segmentTruncated, "a segment has at least 128 bytes; this file has \(file.byteCount)")
    }
    let tailByteCount = min(Self.tailByteCount, file.byteCount)
    let tailOffset = file.byteCount - tailByteCount
    let tail = try readBytes(file, at: tailOffset, byteCount: tailByteCount)
    counters.addBytes(tailByteCount)
    let trailerBytes = lend(tail, tailByteCount - Trailer.byteCount..<tailByteCount)
    let place = Place(
      file: file.path, section: "trailer", byteOffset: file.byteCount - Trailer.byteCount)
    if !Trailer.hasMagic(trailerBytes) { throw try missingTrailer(file, place) }
    let trailer = try Trailer(
      trailerBytes, place: place, expecting: expected, ignoringChecksums: ignoringChecksums)
    var checksum = Checksum(trailer.uid)
    checksum.acceptsAll = ignoringChecksums
    let source = SegmentSource(
      file: file, checksum: checksum, counters: counters, cache: cache, tail: tail,
      tailOffset: tailOffset)
    return try sections(
      trailer, source, trailerChecksum: trailerBytes.bytes.load(48, as: UInt64.self))
  }

  private static func sections(
    _ trailer: Trailer, _ source: SegmentSource, trailerChecksum: UInt64
  ) throws(HindcastError) -> SegmentParts {
    let table = try SectionTable(
      try source.read(trailer.table, "section table"), fileByteCount: source.fileByteCount,
      place: source.place("section table", trailer.table.offset))
    try Header.check(
      try source.read(table.header, "header"), uid: trailer.uid, place: source.place("header", 0))
    let summary = try SegmentSummary(
      try source.read(table.summary, "summary"), fileByteCount: source.fileByteCount,
      trailerChecksum: trailerChecksum, place: source.place("summary", table.summary.offset))
    let schema = try SegmentSchema(
      try source.read(table.schema, "schema"), place: source.place("schema", table.schema.offset))
    let columns = try StoredColumns(
      try source.read(table.columnDirectory, "column directory"), schema: schema,
      summary: summary, place: source.place("column directory", table.columnDirectory.offset))
    return SegmentParts(
      uid: trailer.uid, schema: schema, summary: summary, columns: columns, source: source,
      pieces: [
        table.header, table.schema, table.columnDirectory, table.summary, trailer.table,
        PieceReference(
          offset: source.fileByteCount - Trailer.byteCount, byteCount: Trailer.byteCount,
          checksum: trailerChecksum),
      ] + table.skipped)
  }

  /// Why a file does not end like a segment.
  private static func missingTrailer(
    _ file: any ReadableFile, _ place: Place
  ) throws(HindcastError) -> HindcastError {
    let start = try readBytes(file, at: 0, byteCount: 8)
    guard start.bytes.load(0, as: UInt64.self) == Header.magic else {
      return place.error(.segmentBadMagic, "this is no Hindcast segment")
    }
    return place.error(
      .segmentTruncated, "the segment has no trailer: its end is missing or overwritten", at: 56)
  }
}

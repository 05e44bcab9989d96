import HindcastCore

/// The sections of a segment, by type.
struct SectionTable {
  static let entryByteCount = 32

  enum Kind: UInt16, CaseIterable {
    case header = 1
    case schema, columnDirectory, summary

    var name: String {
      switch self {
      case .header: "header"
      case .schema: "schema"
      case .columnDirectory: "column directory"
      case .summary: "summary"
      }
    }
  }

  var header: PieceReference
  var schema: PieceReference
  var columnDirectory: PieceReference
  var summary: PieceReference
  /// Sections of a later version that a reader may pass over.
  var skipped: [PieceReference] = []

  func bytes() -> Buffer {
    var bytes = MutableBuffer()
    let entries: [(Kind, PieceReference)] = [
      (.header, header), (.schema, schema), (.columnDirectory, columnDirectory),
      (.summary, summary),
    ]
    for (kind, piece) in entries {
      bytes.put(kind.rawValue)
      bytes.put(UInt16(1))
      bytes.put(UInt32(0))
      piece.write(to: &bytes)
    }
    return bytes.freeze()
  }
}

extension SectionTable {
  /// Reads a table whose checksum is right, and checks it (steps 7 to 9).
  init(_ table: Buffer, fileByteCount: Int, place: Place) throws(HindcastError) {
    var fields = FieldReader(table, place: place, code: .segmentBadSectionTable)
    var found: [Kind: PieceReference] = [:]
    var unknown: UInt16?
    var skipped: [PieceReference] = []
    while !fields.isAtEnd {
      let type = try fields.integer(UInt16.self)
      let flags = try fields.integer(UInt16.self)
      let reserved = try fields.integer(UInt32.self)
      let piece = try PieceReference(&fields)
      guard flags <= 1, reserved == 0, piece.isInsideOrHeader(fileByteCount) else {
        throw fields.refusal("section \(type) has unknown flags or is not inside the file")
      }
      guard let kind = Kind(rawValue: type) else {
        if flags == 1 { unknown = unknown ?? type }
        skipped.append(piece)
        continue
      }
      guard flags == 1, found.updateValue(piece, forKey: kind) == nil else {
        throw fields.refusal("the \(kind.name) is named twice or has wrong flags")
      }
    }
    if let unknown {
      throw place.error(
        .segmentUnknownSection,
        "the segment has a section of type \(unknown) that this program does not know: "
          + "use a newer one")
    }
    header = try Self.section(.header, of: found, place)
    schema = try Self.section(.schema, of: found, place)
    columnDirectory = try Self.section(.columnDirectory, of: found, place)
    summary = try Self.section(.summary, of: found, place)
    self.skipped = skipped
    guard header.offset == 0, header.byteCount == Header.byteCount else {
      throw place.error(.segmentBadSectionTable, "the header is not at the start of the file")
    }
  }

  private static func section(
    _ kind: Kind, of found: [Kind: PieceReference], _ place: Place
  ) throws(HindcastError) -> PieceReference {
    guard let piece = found[kind] else {
      throw place.error(.segmentMissingSection, "the segment has no \(kind.name)")
    }
    return piece
  }
}

import HindcastCore

/// One atomic change of a store, as its file holds it.
struct Commit {
  let number: UInt64
  /// The wall clock of the writer, or the time of the commit before if that is later: times never
  /// descend.
  let time: Instant
  let previousChecksum: UInt64
  /// What was done, for people.
  let note: String
  let edits: [Edit]
  /// The checksum of this commit's bytes.
  let checksum: UInt64
  /// Where it lies in the log; nil if it has a file of its own.
  var place: LogPlace?
}

/// The tags of a commit, apart from its edits (``Edit``).
private enum Tag {
  static let time: UInt16 = 1
  static let previousChecksum: UInt16 = 2
  static let storeID: UInt16 = 3
  static let note: UInt16 = 4
  static let known = Edit.tags.union([time, previousChecksum, storeID, note])
}

extension Commit {
  /// The bytes of a commit file.
  static func encode(
    number: UInt64, time: Instant, previousChecksum: UInt64, storeID: [UInt8], note: String,
    edits: [Edit]
  ) -> [UInt8] {
    var fields = TaggedEncoder()
    fields.integer(Tag.time, time.nanoseconds)
    fields.integer(Tag.previousChecksum, previousChecksum)
    fields.bytes(Tag.storeID, storeID)
    fields.text(Tag.note, note)
    for edit in edits { edit.encode(to: &fields) }
    return Envelope.encode(.commit, number: number, fields)
  }

  /// Reads a commit file back.
  init(
    _ bytes: ArraySlice<UInt8>, number: UInt64, storeID: [UInt8], file: String,
    place: LogPlace? = nil
  ) throws(HindcastError) {
    let envelope = try Envelope(.commit, number: number, bytes, file: file)
    try envelope.fields.checkUnderstood(Tag.known, Edit.tags)
    guard try envelope.fields.bytes(Tag.storeID, count: 16) == storeID else {
      throw HindcastError(.corrupt, "this commit belongs to another store", at: .init(file: file))
    }
    var edits: [Edit] = []
    for field in envelope.fields.fields {
      if let edit = try Edit(field, file: file) { edits.append(edit) }
    }
    self.init(
      number: number,
      time: Instant(nanoseconds: try envelope.fields.integer(Tag.time, as: Int128.self)),
      previousChecksum: try envelope.fields.integer(Tag.previousChecksum),
      note: try envelope.fields.text(Tag.note), edits: edits, checksum: envelope.checksum,
      place: place)
  }
}

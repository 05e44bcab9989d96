import HindcastCore
import HindcastFormat

/// The tags of a checkpoint.
private enum Tag {
  static let checksum: UInt16 = 1
  static let nextGroupID: UInt16 = 2
  static let storeID: UInt16 = 3
  static let time: UInt16 = 4
  static let group: UInt16 = 16
  static let name: UInt16 = 24
  static let expiry: UInt16 = 26
  static let known: ClosedRange<UInt16> = 1...4
  static let structures: Set<UInt16> = [group, name, expiry]
}

/// The tags of a group in a checkpoint.
private enum GroupTag {
  static let id: UInt16 = 1
  static let definition: UInt16 = 2
  static let droppedAt: UInt16 = 3
  static let segment: UInt16 = 4
  static let batch: UInt16 = 5
  static let replaced: UInt16 = 6
  static let writtenByteCount: UInt16 = 7
  static let horizon: UInt16 = 8
  static let logged: UInt16 = 9
  static let quarantined: UInt16 = 10
  static let erasure: UInt16 = 11
  static let erased: UInt16 = 12
  static let known: ClosedRange<UInt16> = 1...12
}

extension Catalogue {
  /// The bytes of a checkpoint file.
  func checkpoint(storeID: [UInt8]) -> [UInt8] {
    var fields = TaggedEncoder()
    fields.integer(Tag.checksum, checksum)
    fields.integer(Tag.nextGroupID, nextGroupID)
    fields.bytes(Tag.storeID, storeID)
    fields.integer(Tag.time, time.nanoseconds)
    for group in groups {
      fields.nested(Tag.group, mustUnderstand: true) { group.encode(to: &$0) }
    }
    retention.encode(to: &fields)
    return Envelope.encode(.checkpoint, number: number, fields)
  }

  /// Reads a checkpoint file back.
  init(
    checkpoint bytes: [UInt8], number: UInt64, storeID: [UInt8], file: String
  ) throws(HindcastError) {
    let fields = try Envelope(.checkpoint, number: number, bytes[...], file: file).fields
    try fields.checkUnderstood(Tag.known, Tag.structures)
    guard try fields.bytes(Tag.storeID, count: 16) == storeID else {
      throw HindcastError(
        .corrupt, "this checkpoint belongs to another store", at: .init(file: file))
    }
    var groups: [GroupState] = []
    for group in try fields.allNested(Tag.group) { groups.append(try GroupState(group)) }
    self.init(
      number: number,
      time: Instant(nanoseconds: try fields.integer(Tag.time, as: Int128.self)),
      checksum: try fields.integer(Tag.checksum), groups: groups,
      nextGroupID: try fields.integer(Tag.nextGroupID), retention: try Retention(fields))
  }
}

extension Retention {
  fileprivate func encode(to target: inout TaggedEncoder) {
    for (name, number) in names.sorted(by: { $0.key < $1.key }) {
      target.nested(Tag.name, mustUnderstand: true) {
        $0.text(1, name)
        $0.integer(2, number)
      }
    }
    for expiry in expiries {
      target.nested(Tag.expiry, mustUnderstand: true) {
        $0.integer(1, expiry.numbers.lowerBound)
        $0.integer(2, expiry.numbers.upperBound)
        $0.integer(3, expiry.commitNumber)
        $0.integer(4, expiry.time.nanoseconds)
      }
    }
  }

  fileprivate init(_ source: TaggedFields) throws(HindcastError) {
    var names: [String: UInt64] = [:]
    for name in try source.allNested(Tag.name) { names[try name.text(1)] = try name.integer(2) }
    var expiries: [Expiry] = []
    for expiry in try source.allNested(Tag.expiry) {
      let first: UInt64 = try expiry.integer(1)
      let end: UInt64 = try expiry.integer(2)
      guard first < end else { throw expiry.damaged(2) }
      expiries.append(
        Expiry(
          numbers: first..<end, commitNumber: try expiry.integer(3),
          time: Instant(nanoseconds: try expiry.integer(4, as: Int128.self))))
    }
    // Keeping starts where the furthest ends; one that lost its name lies before that.
    self.init(
      firstKept: expiries.map(\.numbers.upperBound).max() ?? 1, names: names, expiries: expiries)
  }
}

extension Catalogue.GroupState {
  fileprivate func encode(to target: inout TaggedEncoder) {
    target.integer(GroupTag.id, id)
    target.nested(GroupTag.definition) { definition.encode(to: &$0) }
    if let droppedAt { target.integer(GroupTag.droppedAt, droppedAt) }
    for segment in segments {
      target.nested(GroupTag.segment) { segment.encode(to: &$0) }
    }
    for rows in logged { target.nested(GroupTag.logged) { rows.encode(to: &$0) } }
    for (batch, commit) in batches.sorted(by: { $0.key < $1.key }) {
      target.nested(GroupTag.batch) {
        $0.text(1, batch.text)
        $0.integer(2, commit)
      }
    }
    for segment in replaced {
      target.nested(GroupTag.replaced) {
        $0.nested(1) { segment.reference.encode(to: &$0) }
        $0.integer(2, segment.replacedAt)
      }
    }
    target.integer(GroupTag.writtenByteCount, writtenByteCount)
    for segment in quarantined {
      target.nested(GroupTag.quarantined, mustUnderstand: true) {
        $0.nested(1) { segment.reference.encode(to: &$0) }
        $0.integer(2, segment.commitNumber)
        $0.text(3, segment.reason)
      }
    }
    if let horizon { target.integer(GroupTag.horizon, horizon) }
    for erasure in erasures {
      target.nested(GroupTag.erasure) {
        $0.integer(1, erasure.commit)
        $0.integer(2, erasure.records.count)
        $0.bytes(3, erasure.records.bytes)
      }
    }
    for segment in erased {
      target.nested(GroupTag.erased) {
        $0.text(1, segment.uid.description)
        $0.integer(2, segment.firstSnapshot)
        $0.integer(3, segment.erasedAt)
        if let reference = segment.substitute { $0.nested(4) { reference.encode(to: &$0) } }
      }
    }
  }

  fileprivate init(_ source: TaggedFields) throws(HindcastError) {
    try source.checkUnderstood(GroupTag.known)
    self.init(
      id: try source.integer(GroupTag.id),
      definition: try FeatureGroup(try source.nested(GroupTag.definition)),
      droppedAt: try source.optionalInteger(GroupTag.droppedAt))
    for segment in try source.allNested(GroupTag.segment) {
      segments.append(try SegmentReference(segment))
    }
    for rows in try source.allNested(GroupTag.logged) { logged.append(try LoggedRows(rows)) }
    for batch in try source.allNested(GroupTag.batch) {
      batches[BatchID(try batch.text(1))] = try batch.integer(2)
    }
    for segment in try source.allNested(GroupTag.replaced) {
      replaced.append(
        ReplacedSegment(
          reference: try SegmentReference(try segment.nested(1)),
          replacedAt: try segment.integer(2)))
    }
    writtenByteCount = try source.count(GroupTag.writtenByteCount)
    for segment in try source.allNested(GroupTag.quarantined) {
      quarantined.append(
        QuarantinedSegment(
          reference: try SegmentReference(segment.nested(1)),
          commitNumber: try segment.integer(2), reason: try segment.text(3)))
    }
    horizon = try source.optionalInteger(GroupTag.horizon)
    for erasure in try source.allNested(GroupTag.erasure) {
      erasures.append(
        ErasureRecord(
          commit: try erasure.integer(1), records: try ErasedRecords(erasure, count: 2, hashes: 3)))
    }
    for segment in try source.allNested(GroupTag.erased) { erased.append(try .init(segment)) }
  }
}

extension ErasedSegment {
  fileprivate init(_ source: TaggedFields) throws(HindcastError) {
    let name = try source.text(1)
    guard let uid = SegmentUID(name), uid.description == name else { throw source.damaged(1) }
    self.uid = uid
    firstSnapshot = try source.integer(2)
    erasedAt = try source.integer(3)
    guard firstSnapshot <= erasedAt else { throw source.damaged(3) }
    substitute = try source.optionalNested(4).map { fields throws(HindcastError) in
      try SegmentReference(fields)
    }
  }
}

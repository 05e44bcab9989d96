import HindcastCore
import HindcastFormat

/// One change to the catalogue.
///
/// A commit is a list of them that applies as a whole.
enum Edit {
  /// Creates a group, or replaces the definition of the one that has the id.
  case putGroup(id: UInt32, FeatureGroup)
  /// Hides a group from this commit on.
  case dropGroup(id: UInt32)
  /// Adds a segment to its group.
  case addSegment(SegmentReference)
  /// Remembers that a batch was taken in.
  case batch(groupID: UInt32, id: String)
  /// Adds rows to a group; only in the log.
  case addRows(groupID: UInt32, RowsPayload)
  /// Puts segments in the place of the rows that a stretch of commits logged for a group.
  case roll(groupID: UInt32, commits: ClosedRange<UInt64>, [SegmentReference])
  /// Puts new segments into the place of others that hold the same history.
  case replaceSegments(Replacement)
  /// Refuses labels before a time, in ticks of the group, from this commit on.
  case horizon(groupID: UInt32, ticks: Int64)
  /// Removes records from every snapshot.
  case erase(Erasure)
  /// Takes a damaged segment out of its group.
  case quarantine(groupID: UInt32, SegmentUID, reason: String)
  /// Gives a snapshot a name, under which it stays.
  case nameSnapshot(number: UInt64, name: String)
  /// Takes a snapshot's name away.
  case forgetName(String)
  /// Gives up all snapshots before one, except those that have a name.
  case expireSnapshots(before: UInt64)
}

/// The tags of edits in a commit; all must be understood.
private enum Tag {
  static let putGroup: UInt16 = 16
  static let dropGroup: UInt16 = 17
  static let addSegment: UInt16 = 18
  static let batch: UInt16 = 19
  static let replaceSegments: UInt16 = 20
  static let addRows: UInt16 = 21
  static let roll: UInt16 = 22
  static let nameSnapshot: UInt16 = 24
  static let forgetName: UInt16 = 25
  static let expireSnapshots: UInt16 = 26
  static let horizon: UInt16 = 27
  static let erase: UInt16 = 28
  static let quarantine: UInt16 = 29
}

extension Edit {
  /// The tags of all edits that this version knows.
  static let tags: Set<UInt16> = [
    Tag.putGroup, Tag.dropGroup, Tag.addSegment, Tag.batch, Tag.replaceSegments, Tag.addRows,
    Tag.roll, Tag.nameSnapshot, Tag.forgetName, Tag.expireSnapshots, Tag.horizon, Tag.erase,
    Tag.quarantine,
  ]

  func encode(to target: inout TaggedEncoder) {
    switch self {
    case .putGroup(let id, let group):
      target.nested(Tag.putGroup, mustUnderstand: true) {
        $0.integer(1, id)
        $0.nested(2) { group.encode(to: &$0) }
      }
    case .dropGroup(let id):
      target.nested(Tag.dropGroup, mustUnderstand: true) { $0.integer(1, id) }
    case .addSegment(let reference):
      target.nested(Tag.addSegment, mustUnderstand: true) { reference.encode(to: &$0) }
    case .batch(let groupID, let id):
      target.nested(Tag.batch, mustUnderstand: true) {
        $0.integer(1, groupID)
        $0.text(2, id)
      }
    case .addRows(let groupID, let payload):
      target.nested(Tag.addRows, mustUnderstand: true) {
        $0.integer(1, groupID)
        payload.encode(to: &$0)
      }
    case .roll(let groupID, let commits, let references):
      target.nested(Tag.roll, mustUnderstand: true) {
        $0.integer(1, groupID)
        $0.integer(2, commits.lowerBound)
        $0.integer(3, commits.upperBound)
        for reference in references { $0.nested(4) { reference.encode(to: &$0) } }
      }
    case .replaceSegments(let replacement):
      target.nested(Tag.replaceSegments, mustUnderstand: true) { replacement.encode(to: &$0) }
    case .horizon(let groupID, let ticks):
      target.nested(Tag.horizon, mustUnderstand: true) {
        $0.integer(1, groupID)
        $0.integer(2, ticks)
      }
    case .erase(let erasure):
      target.nested(Tag.erase, mustUnderstand: true) { erasure.encode(to: &$0) }
    case .quarantine(let groupID, let uid, let reason):
      target.nested(Tag.quarantine, mustUnderstand: true) {
        $0.integer(1, groupID)
        $0.text(2, uid.description)
        $0.text(3, reason)
      }
    case .nameSnapshot(let number, let name):
      target.nested(Tag.nameSnapshot, mustUnderstand: true) {
        $0.text(1, name)
        $0.integer(2, number)
      }
    case .forgetName(let name):
      target.nested(Tag.forgetName, mustUnderstand: true) { $0.text(1, name) }
    case .expireSnapshots(let first):
      target.nested(Tag.expireSnapshots, mustUnderstand: true) { $0.integer(1, first) }
    }
  }

  /// The edit in a field of a commit; nil if the field is no edit.
  init?(_ field: TaggedFields.Field, file: String) throws(HindcastError) {
    guard Self.tags.contains(field.tag) else { return nil }
    let source = try TaggedFields(field.bytes, file: file)
    switch field.tag {
    case Tag.putGroup:
      self = .putGroup(id: try source.integer(1), try FeatureGroup(try source.nested(2)))
    case Tag.dropGroup: self = .dropGroup(id: try source.integer(1))
    case Tag.addSegment: self = .addSegment(try SegmentReference(source))
    case Tag.batch: self = .batch(groupID: try source.integer(1), id: try source.text(2))
    case Tag.replaceSegments: self = .replaceSegments(try Replacement(source))
    case Tag.addRows: self = .addRows(groupID: try source.integer(1), try RowsPayload(source))
    case Tag.nameSnapshot:
      self = .nameSnapshot(number: try source.integer(2), name: try source.text(1))
    case Tag.forgetName: self = .forgetName(try source.text(1))
    case Tag.expireSnapshots: self = .expireSnapshots(before: try source.integer(1))
    case Tag.horizon:
      self = .horizon(groupID: try source.integer(1), ticks: try source.integer(2))
    case Tag.erase: self = .erase(try Erasure(source))
    case Tag.quarantine:
      guard let uid = SegmentUID(try source.text(2)) else { throw source.damaged(2) }
      self = .quarantine(groupID: try source.integer(1), uid, reason: try source.text(3))
    default:
      let (first, last): (UInt64, UInt64) = (try source.integer(2), try source.integer(3))
      guard first <= last else { throw source.damaged(3) }
      var references: [SegmentReference] = []
      for reference in try source.allNested(4) {
        references.append(try SegmentReference(reference))
      }
      self = .roll(groupID: try source.integer(1), commits: first...last, references)
    }
  }
}

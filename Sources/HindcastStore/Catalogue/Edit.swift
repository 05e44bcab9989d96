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
  /// Takes a damaged segment out of its group.
  case quarantine(groupID: UInt32, SegmentUID, reason: String)
}

/// The tags of edits in a commit; all must be understood.
private enum Tag {
  static let putGroup: UInt16 = 16
  static let dropGroup: UInt16 = 17
  static let addSegment: UInt16 = 18
  static let batch: UInt16 = 19
  static let quarantine: UInt16 = 29
}

extension Edit {
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
    case .quarantine(let groupID, let uid, let reason):
      target.nested(Tag.quarantine, mustUnderstand: true) {
        $0.integer(1, groupID)
        $0.text(2, uid.description)
        $0.text(3, reason)
      }
    }
  }

  /// The tags of the edits that this version knows.
  static let tags: Set<UInt16> = [
    Tag.putGroup, Tag.dropGroup, Tag.addSegment, Tag.batch, Tag.quarantine,
  ]

  /// The edit in a field of a commit; nil if the field is no edit.
  init?(_ field: TaggedFields.Field, file: String) throws(HindcastError) {
    guard Self.tags.contains(field.tag) else { return nil }
    let source = try TaggedFields(field.bytes, file: file)
    switch field.tag {
    case Tag.putGroup:
      self = .putGroup(id: try source.integer(1), try FeatureGroup(try source.nested(2)))
    case Tag.dropGroup: self = .dropGroup(id: try source.integer(1))
    case Tag.addSegment: self = .addSegment(try SegmentReference(source))
    case Tag.quarantine:
      guard let uid = SegmentUID(try source.text(2)) else { throw source.damaged(2) }
      self = .quarantine(
        groupID: try source.integer(1), uid, reason: try source.text(3))
    default: self = .batch(groupID: try source.integer(1), id: try source.text(2))
    }
  }
}

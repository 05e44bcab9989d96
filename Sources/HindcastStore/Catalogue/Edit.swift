import HindcastCore

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
  static let nameSnapshot: UInt16 = 24
  static let forgetName: UInt16 = 25
  static let expireSnapshots: UInt16 = 26
}

extension Edit {
  /// The tags of all edits.
  static let tags = Set([
    Tag.putGroup, Tag.dropGroup, Tag.addSegment, Tag.batch, Tag.nameSnapshot, Tag.forgetName,
    Tag.expireSnapshots,
  ])

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
    case Tag.nameSnapshot:
      self = .nameSnapshot(number: try source.integer(2), name: try source.text(1))
    case Tag.forgetName: self = .forgetName(try source.text(1))
    default: self = .expireSnapshots(before: try source.integer(1))
    }
  }
}

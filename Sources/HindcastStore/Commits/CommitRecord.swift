public import HindcastCore
public import HindcastFormat

/// A commit as people and programs look at it.
public struct CommitRecord: Sendable {
  /// The number; it names the snapshot that the commit makes.
  public let number: UInt64
  /// The writer's wall clock, or the time of the commit before if that is later: times never
  /// descend.
  public let time: Instant
  /// What was done, in a few words.
  public let note: String
  /// The changes, in order.
  public let changes: [Change]

  /// The names that the snapshot has now, sorted.
  public internal(set) var names: [String] = []

  /// One change of a commit.
  ///
  /// Groups go by the name they have after it.
  public enum Change: Sendable {
    /// A group was created.
    case createdGroup(FeatureGroup)
    /// A group's definition was replaced.
    case updatedGroup(from: FeatureGroup, to: FeatureGroup)
    /// A group was dropped.
    case droppedGroup(String)
    /// A segment was added to a group.
    case addedSegment(group: String, SegmentReference)
    /// A batch of a group was taken in under this id.
    case tookBatch(group: String, id: String)
    /// Rows were added to a group through the log.
    case addedRows(group: String, rowCount: Int)
    /// Rows of a group went from the log into segments.
    case rolledRows(group: String, [SegmentReference])
    /// Segments of a group were replaced by others that hold the same history.
    case replacedSegments(group: String, removed: [SegmentUID], added: [SegmentReference])
    /// A group gave up its history before a time.
    case expired(group: String, before: Instant)
    /// Records of a group were removed from every snapshot.
    case erased(group: String, records: ErasedRecords, segmentCount: Int)
    /// A damaged segment was taken out of a group.
    case quarantinedSegment(group: String, SegmentReference, reason: String)
    /// A group was created or updated; which of both, an expired commit would say.
    case putGroup(FeatureGroup)
    /// A snapshot was given a name.
    case namedSnapshot(String, number: UInt64)
    /// A name was taken away.
    case forgotName(String)
    /// The snapshots before one were given up, except named ones.
    case expiredSnapshots(before: UInt64)
  }

  /// The number of rows that the commit added.
  public var rowCount: Int {
    changes.reduce(0) { total, change in
      switch change {
      case .addedSegment(_, let reference): total + reference.rowCount
      case .addedRows(_, let rowCount): total + rowCount
      default: total
      }
    }
  }
}

extension CommitRecord {
  /// Describes a commit by what it changes in the catalogue before it.
  init(_ commit: Commit, before: Catalogue) {
    self.init(commit, before.groups) { old, new in
      old.map { .updatedGroup(from: $0, to: new) } ?? .createdGroup(new)
    }
  }

  /// Describes a commit of which only the catalogue after it is known.
  init(_ commit: Commit, after: Catalogue) {
    self.init(commit, after.groups) { _, new in .putGroup(new) }
  }

  private init(
    _ commit: Commit, _ groups: [Catalogue.GroupState],
    put: (FeatureGroup?, FeatureGroup) -> Change
  ) {
    var definitions: [UInt32: FeatureGroup] = [:]
    for group in groups { definitions[group.id] = group.definition }
    func name(_ id: UInt32) -> String { definitions[id]?.name ?? "" }
    var changes: [Change] = []
    for edit in commit.edits {
      switch edit {
      case .putGroup(let id, let definition):
        changes.append(put(definitions[id], definition))
        definitions[id] = definition
      case .dropGroup(let id): changes.append(.droppedGroup(name(id)))
      case .addSegment(let reference):
        changes.append(.addedSegment(group: name(reference.groupID), reference))
      case .addRows(let groupID, let payload):
        changes.append(.addedRows(group: name(groupID), rowCount: payload.rowCount))
      case .roll(let groupID, _, let references):
        changes.append(.rolledRows(group: name(groupID), references))
      case .batch(let groupID, let id): changes.append(.tookBatch(group: name(groupID), id: id))
      case .replaceSegments(let change):
        changes.append(
          .replacedSegments(
            group: name(change.groupID), removed: change.removed, added: change.added))
      case .horizon(let groupID, let ticks):
        let unit = definitions[groupID]?.timeUnit ?? .nanosecond
        changes.append(
          .expired(group: name(groupID), before: Instant(ticks: ticks, unit: unit)))
      case .erase(let erasure):
        changes.append(
          .erased(
            group: name(erasure.groupID), records: erasure.records,
            segmentCount: erasure.substitutions.count))
      case .quarantine(let groupID, let uid, let reason):
        let group = groups.first { $0.id == groupID }
        let segments = (group?.segments ?? []) + (group?.quarantined.map(\.reference) ?? [])
        guard let reference = segments.first(where: { $0.uid == uid }) else { continue }
        changes.append(
          .quarantinedSegment(group: name(groupID), reference, reason: reason))
      case .nameSnapshot(let number, let name):
        changes.append(.namedSnapshot(name, number: number))
      case .forgetName(let name): changes.append(.forgotName(name))
      case .expireSnapshots(let first): changes.append(.expiredSnapshots(before: first))
      }
    }
    self.init(number: commit.number, time: commit.time, note: commit.note, changes: changes)
  }
}

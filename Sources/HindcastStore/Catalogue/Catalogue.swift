import HindcastCore

/// Everything that a store holds as of one commit, apart from the segments' bytes.
struct Catalogue {
  /// The last commit that is applied; 0 before the first.
  private(set) var number: UInt64 = 0
  /// That commit's time.
  private(set) var time = Instant(nanoseconds: 0)
  /// That commit's checksum, which the next one names.
  private(set) var checksum: UInt64 = 0
  /// All groups that ever were, in order of creation.
  private(set) var groups: [GroupState] = []
  /// The next unused group id.
  private(set) var nextGroupID: UInt32 = 1
  /// Which snapshots are kept.
  private(set) var retention = Retention()

  struct GroupState {
    let id: UInt32
    var definition: FeatureGroup
    /// The commit that dropped the group, if one did.
    var droppedAt: UInt64?
    /// In order of arrival.
    var segments: [SegmentReference] = []
    /// Rows that are in the log alone, in order of arrival.
    var logged = ChunkedArray<LoggedRows>()
    /// The commit that took each batch in.
    var batches: [BatchID: UInt64] = [:]
    /// Segments that a later commit replaced, in order of that: earlier snapshots name them.
    var replaced: [ReplacedSegment] = []
    /// The bytes of all segments that commits ever named.
    var writtenByteCount = 0
    /// Segments that were damaged, and that the group goes on without.
    var quarantined: [QuarantinedSegment] = []
    /// The effective bound, in ticks, below which labels are refused; nil for none.
    var horizon: Int64?
    /// The commits that erased records, in order.
    var erasures: [ErasureRecord] = []
    /// The segments that they made no snapshot read any more, in order.
    var erased: [ErasedSegment] = []
  }

  init() {}

  /// A catalogue as a checkpoint holds it.
  init(
    number: UInt64, time: Instant, checksum: UInt64, groups: [GroupState], nextGroupID: UInt32,
    retention: Retention
  ) {
    self.number = number
    self.time = time
    self.checksum = checksum
    self.groups = groups
    self.nextGroupID = nextGroupID
    self.retention = retention
  }

  /// Changes the state of all groups.
  mutating func updateGroups(_ change: (inout GroupState) -> Void) {
    for index in groups.indices { change(&groups[index]) }
  }

  /// The groups that are not dropped.
  var liveGroups: [GroupState] { groups.filter { $0.droppedAt == nil } }

  /// The commits that erased records.
  var erasureCount: Int { groups.reduce(0) { $0 + $1.erasures.count } }

  /// The group of that name, if there is one.
  func group(named name: String) -> GroupState? {
    groups.first { $0.droppedAt == nil && $0.definition.name == name }
  }

  /// The group of that id, dropped or not.
  func group(id: UInt32) -> GroupState? {
    groups.first { $0.id == id }
  }
}

extension Catalogue {
  /// Applies the next commit.
  ///
  /// O(edits x groups).
  /// - Throws: `corrupt` if the commit is not the next one, or an edit does not go with what is
  ///   there.
  mutating func apply(_ commit: Commit, file: String) throws(HindcastError) {
    guard commit.number == number + 1, commit.previousChecksum == checksum else {
      throw HindcastError(
        .corrupt,
        "commit \(commit.number) does not follow commit \(number): the checksum it names is not "
          + "that commit's; files of two stores, or of two copies of one, were mixed",
        at: .init(file: file))
    }
    for (index, edit) in commit.edits.enumerated() {
      guard apply(edit, index, of: commit) else {
        throw HindcastError(
          .corrupt, "commit \(commit.number) changes something that is not there",
          at: .init(file: file))
      }
    }
    number = commit.number
    time = commit.time
    checksum = commit.checksum
  }

  private mutating func apply(_ edit: Edit, _ editIndex: Int, of commit: Commit) -> Bool {
    switch edit {
    case .putGroup(let id, let definition):
      if let index = liveIndex(id) {
        // Rows in the log are read under the definition that the group has.
        guard groups[index].logged.isEmpty || groups[index].definition.holdsRows(of: definition)
        else { return false }
        groups[index].definition = definition
        return true
      }
      guard id == nextGroupID, id < .max else { return false }
      groups.append(GroupState(id: id, definition: definition))
      nextGroupID = id + 1
    case .dropGroup(let id):
      guard let index = liveIndex(id) else { return false }
      groups[index].droppedAt = commit.number
    case .addSegment(let reference):
      guard let index = liveIndex(reference.groupID),
        reference.commits == commit.number...commit.number, !groups[index].has(reference.uid)
      else { return false }
      groups[index].segments.append(reference)
      groups[index].writtenByteCount += reference.byteCount
    case .batch(let groupID, let batch):
      guard let index = liveIndex(groupID) else { return false }
      groups[index].batches[BatchID(batch)] = commit.number
    case .addRows(let groupID, let payload):
      guard let index = liveIndex(groupID), let place = commit.place else { return false }
      groups[index].logged.append(
        LoggedRows(
          commitNumber: commit.number, rowCount: payload.rowCount, place: place,
          editIndex: editIndex, payload: payload))
    case .roll(let groupID, let commits, let references):
      guard let index = groups.firstIndex(where: { $0.id == groupID }) else { return false }
      return groups[index].roll(commits, into: references)
    case .replaceSegments(let replacement):
      guard let index = liveIndex(replacement.groupID) else { return false }
      return groups[index].apply(replacement, in: commit.number)
    case .horizon(let groupID, let ticks):
      guard let index = liveIndex(groupID), groups[index].horizon ?? .min <= ticks else {
        return false
      }
      groups[index].horizon = ticks
    case .erase(let erasure):
      guard let index = liveIndex(erasure.groupID) else { return false }
      return groups[index].apply(erasure, in: commit.number)
    case .quarantine(let groupID, let uid, let reason):
      guard let index = liveIndex(groupID),
        let place = groups[index].segments.firstIndex(where: { $0.uid == uid })
      else { return false }
      let reference = groups[index].segments.remove(at: place)
      groups[index].quarantined.append(
        QuarantinedSegment(reference: reference, commitNumber: commit.number, reason: reason))
    case .nameSnapshot(let number, let name):
      return retention.name(number, name, in: commit)
    case .forgetName(let name):
      guard retention.forget(name, in: commit) else { return false }
      forgetUnneededSegments()
    case .expireSnapshots(let first):
      guard retention.expire(before: first, in: commit) else { return false }
      forgetUnneededSegments()
    }
    return true
  }

  private func liveIndex(_ id: UInt32) -> Int? {
    groups.firstIndex { $0.id == id && $0.droppedAt == nil }
  }
}

/// A damaged segment that its group goes on without.
public struct QuarantinedSegment: Hashable, Sendable {
  /// What the commit that added it said of it: all that is lost.
  public let reference: SegmentReference
  /// The commit from which on answers lack its rows.
  public let commitNumber: UInt64
  /// What was wrong with it, for people.
  public let reason: String
}

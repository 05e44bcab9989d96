public import HindcastCore
public import HindcastJoin
public import HindcastStore

/// What changed from one snapshot to another: definitions and versions, group by group.
public struct SnapshotDifference: Sendable {
  /// What became of a group.
  public struct Group: Sendable {
    /// The group before; nil if it was not there.
    public let old: FeatureGroup?
    /// The group after; nil if it is not there any more.
    public let new: FeatureGroup?
    /// Its versions.
    public let history: HistoryDifference

    /// Its name, the new one if it was renamed.
    public var name: String { (new ?? old)?.name ?? "" }
  }

  /// The snapshot before.
  public let old: UInt64
  /// The snapshot after.
  public let new: UInt64
  /// The groups of either, those that are the same in both left out, by name.
  public let groups: [Group]
  /// The labels that would get other values, where labels were given.
  public var labels: LabelDifference?

  /// Compares two snapshots of one store, or one group of them.
  /// - Throws: ``HindcastError`` if neither has a group of that name, or a segment is damaged.
  public init(
    from old: Snapshot, to new: Snapshot, group name: String? = nil,
    progress: any ProgressSink = SilentProgress()
  ) throws(HindcastError) {
    self.old = old.number
    self.new = new.number
    var pairs: [UInt32: (old: GroupSnapshot?, new: GroupSnapshot?)] = [:]
    for group in try old.groupSnapshots() {
      pairs[group.identifier, default: (nil, nil)].old = group
    }
    for group in try new.groupSnapshots() {
      pairs[group.identifier, default: (nil, nil)].new = group
    }
    if let name {
      let chosen = pairs.filter {
        $0.value.old?.definition.name == name || $0.value.new?.definition.name == name
      }
      // The error names what is near.
      if chosen.isEmpty { _ = try new.group(named: name) }
      pairs = chosen
    }
    var groups: [Group] = []
    for (_, pair) in pairs.sorted(by: { $0.key < $1.key }) {
      let history = try HistoryDifference(from: pair.old, to: pair.new) {
        count throws(HindcastError) in
        try Interruption.check()
        progress.update(phase: "compare", done: count, total: nil, unit: "records")
      }
      let (before, after) = (pair.old?.definition, pair.new?.definition)
      guard before != after || history.recordCount > 0 else { continue }
      groups.append(Group(old: before, new: after, history: history))
    }
    self.groups = groups.sorted { $0.name < $1.name }
  }
}

extension SnapshotDifference.Group {
  /// What changed in the definition; none for a group that only one snapshot has.
  var changes: [GroupDifference.Change] {
    guard let old, let new else { return [] }
    var changes: [GroupDifference.Change] = []
    if old.name != new.name {
      changes.append(.init(attribute: "name", old: old.name, new: new.name))
    }
    return changes + GroupDifference.changes(from: old, to: new)
  }

  /// What became of the group as a whole.
  var fate: String {
    old == nil ? "created" : new == nil ? "dropped" : changes.isEmpty ? "" : "changed"
  }
}

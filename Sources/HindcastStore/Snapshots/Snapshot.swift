public import HindcastCore
import HindcastFormat

/// All groups of a store as they were after one commit: data, definitions and settings.
///
/// The same number always holds the same. What it names stays on disk for as long as the object
/// lives.
public final class Snapshot: Sendable {
  /// The commit's number.
  public let number: UInt64
  /// The store's name for life.
  public let storeIdentifier: String

  private let catalogue: Catalogue
  private let store: Store
  private let pin: any FileLock

  init(_ catalogue: Catalogue, store: Store, pin: any FileLock) {
    number = catalogue.number
    storeIdentifier = store.identifier
    self.catalogue = catalogue
    self.store = store
    self.pin = pin
  }

  /// The store's folder.
  public var storePath: String { store.path }

  /// The groups, by name.
  public var groups: [FeatureGroup] {
    catalogue.liveGroups.map(\.definition).sorted { $0.name < $1.name }
  }

  /// One group's definition and segments.
  /// - Throws: `not_found` with the names that are nearest.
  public func group(named name: String) throws(HindcastError) -> GroupSnapshot {
    guard let group = catalogue.group(named: name) else {
      throw Names.unknown("group", name, among: groups.map(\.name))
    }
    return groupSnapshot(group)
  }

  /// All groups, in order of creation.
  public var groupSnapshots: [GroupSnapshot] { catalogue.liveGroups.map(groupSnapshot) }

  private func groupSnapshot(_ group: Catalogue.GroupState) -> GroupSnapshot {
    GroupSnapshot(
      identifier: group.id, definition: group.definition,
      segments: group.segments.map { StoredSegment(reference: $0, pool: store.segments) },
      snapshot: self)
  }
}

/// One group of a snapshot.
public struct GroupSnapshot: Sendable {
  /// What tells the group from all others of the store, whatever it is called.
  public let identifier: UInt32
  /// What the group is, as of the snapshot.
  public let definition: FeatureGroup
  /// The segments in order of arrival: those of a later commit come later.
  ///
  /// Segments of one commit hold different records.
  public let segments: [StoredSegment]
  /// The snapshot, which stays pinned for as long as this lives.
  public let snapshot: Snapshot
}

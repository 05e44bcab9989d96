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
  /// The store as it was when this was opened: what was erased by then is in no snapshot.
  private let newest: Catalogue
  private let store: Store
  private let pin: any FileLock

  init(_ catalogue: Catalogue, newest: Catalogue, store: Store, pin: any FileLock) {
    self.newest = newest
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
    return try groupSnapshot(group)
  }

  /// All groups, in order of creation.
  public func groupSnapshots() throws(HindcastError) -> [GroupSnapshot] {
    var snapshots: [GroupSnapshot] = []
    for group in catalogue.liveGroups { snapshots.append(try groupSnapshot(group)) }
    return snapshots
  }

  /// The commit that took a batch into a group under the given id; nil if none did.
  public func commit(ofBatch id: String, in group: String) -> UInt64? {
    catalogue.group(named: group)?.batches[BatchID(id)]
  }

  private func groupSnapshot(
    _ group: Catalogue.GroupState
  ) throws(HindcastError) -> GroupSnapshot {
    let latest = newest.group(id: group.id) ?? group
    let (references, touching) = latest.resolved(group.segments)
    let stored = references.map { StoredSegment(reference: $0, pool: store.segments) }
    // Rows that were in the log then are read from it, those of erased records aside.
    let later = latest.erasures.filter { $0.commit > number }
    let logged = try store.loggedSegments.segments(of: group, erased: later)
    return GroupSnapshot(
      identifier: group.id, definition: group.definition, horizon: group.horizon,
      segments: Self.merge(stored, logged),
      writtenByteCount: group.writtenByteCount + group.loggedByteCount,
      storedByteCount: group.allSegments.reduce(group.loggedByteCount) { $0 + $1.byteCount },
      quarantined: group.quarantined, erasedSince: logged.isEmpty ? touching : later,
      snapshot: self)
  }

  /// Both in order of arrival.
  private static func merge(_ a: [StoredSegment], _ b: [StoredSegment]) -> [StoredSegment] {
    var result: [StoredSegment] = []
    var rest = b[...]
    for segment in a {
      while let first = rest.first, first.reference.commitNumber < segment.reference.commitNumber {
        result.append(first)
        rest.removeFirst()
      }
      result.append(segment)
    }
    return result + rest
  }
}

/// One group of a snapshot.
public struct GroupSnapshot: Sendable {
  /// What tells the group from all others of the store, whatever it is called.
  public let identifier: UInt32
  /// What the group is, as of the snapshot.
  public let definition: FeatureGroup
  /// The time, in ticks of the group's unit, before which history was given up; nil for none.
  ///
  /// A label whose time less the delay is before it has no answer any more (rule S4).
  public let horizon: Int64?
  /// The segments in order of arrival: those of a later commit come later.
  ///
  /// Rows that are in the log alone are segments in memory.
  public let segments: [StoredSegment]
  /// The bytes of all segments that commits ever added to the group, and of its rows in the log.
  public let writtenByteCount: Int
  /// The bytes of all segments that this snapshot or an earlier one names, and of its rows in the
  /// log.
  public let storedByteCount: Int
  /// Whether some rows are in the log alone.
  public var hasLoggedRows: Bool { segments.contains(where: \.isInMemory) }
  /// Segments that were damaged: answers lack their rows.
  public let quarantined: [QuarantinedSegment]
  /// Erasures that came after the snapshot, and took records out of it (rule S3).
  public let erasedSince: [ErasureRecord]
  /// The snapshot, which stays pinned for as long as this lives.
  public let snapshot: Snapshot
}

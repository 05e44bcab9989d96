public import HindcastCore
import HindcastFormat
public import HindcastStore

/// What became of a group's versions between two snapshots.
///
/// Segments that both name are passed over; the others are walked together, record by record.
public struct HistoryDifference: Sendable {
  /// A record whose versions differ.
  public struct Record: Hashable, Sendable {
    /// The record identifier, a value a component.
    public let identifier: [Value]
    /// Versions that only the newer snapshot has.
    public let added: Int
    /// Versions that only the older one has.
    public let removed: Int
  }

  /// How many records' versions differ.
  public private(set) var recordCount = 0
  /// Versions that only the newer snapshot has.
  public private(set) var addedCount = 0
  /// Versions that only the older one has.
  public private(set) var removedCount = 0
  /// The first records that differ, in the order of records.
  public private(set) var first: [Record] = []

  /// How many records ``first`` holds at most.
  public static let shownCount = 5

  /// Compares a group in two snapshots; nil where one does not have it.
  ///
  /// O(rows of the segments that are not in both) in time, a page a column of them in memory.
  /// Versions are read only where both have segments of their own with the same record.
  /// - Parameter progress: is told after every so many records, and may stop it by throwing.
  /// - Throws: ``HindcastError`` if a segment is damaged; what `progress` throws.
  public init(
    from old: GroupSnapshot?, to new: GroupSnapshot?,
    progress: (Int) throws(HindcastError) -> Void = { _ in }
  ) throws(HindcastError) {
    guard let group = (new ?? old)?.definition else { return }
    let oldSegments = old?.segments ?? []
    let newSegments = new?.segments ?? []
    let shared = Set(oldSegments.map(\.reference.uid)).intersection(
      newSegments.map(\.reference.uid))
    let fields = Self.fields(old?.definition, new?.definition)
    var walks: [SegmentWalk] = []
    for (segments, isNew) in [(oldSegments, false), (newSegments, true)] {
      for segment in segments where !shared.contains(segment.reference.uid) {
        walks.append(try SegmentWalk(segment.reader(), isNew: isNew, fields: fields))
      }
    }
    let layout = KeyLayout(group)
    var merge = try SegmentMerge(walks)
    var seen = 0
    while let parts = try merge.next() {
      try add(parts, &merge, layout)
      seen += 1
      if seen.isMultiple(of: 65_536) { try progress(seen) }
    }
  }

  /// The features of both definitions.
  private static func fields(_ old: FeatureGroup?, _ new: FeatureGroup?) -> [Field] {
    let fields = new?.features ?? []
    let known = Set(fields.map(\.id))
    return fields + (old?.features ?? []).filter { !known.contains($0.id) }
  }

  private mutating func add(
    _ parts: [SegmentMerge.Part], _ merge: inout SegmentMerge, _ layout: KeyLayout
  ) throws(HindcastError) {
    var (added, removed) = (0, 0)
    for part in parts {
      if merge.walks[part.walk].isNew {
        added += part.rows.count
      } else {
        removed += part.rows.count
      }
    }
    if added > 0, removed > 0 { (added, removed) = try merge.differing(parts) }
    guard added + removed > 0 else { return }
    recordCount += 1
    addedCount += added
    removedCount += removed
    guard first.count < Self.shownCount, let key = parts.first?.key else { return }
    first.append(Record(identifier: try layout.decode(key), added: added, removed: removed))
  }
}

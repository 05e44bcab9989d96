public import HindcastCore
import HindcastFormat
public import HindcastReference
public import HindcastStore

/// Every version of chosen records, read by a full scan through the segments' keys.
public struct GroupHistory: Sendable {
  /// A version and where it lies.
  public struct Entry: Hashable, Sendable {
    /// The record identifier, a value a component.
    public let record: [Value]
    /// The version's cells.
    public let version: ScannedVersion
    /// The index of its segment in the group's snapshot.
    public let segment: Int
    /// The row in the segment.
    public let row: Int
  }

  /// The versions in segment order, then row order.
  public let entries: [Entry]

  /// Reads all versions of the records whose keys are in `keys`; of all records if nil.
  ///
  /// O(runs) to scan the keys, and the whole of the chosen records in memory.
  public init(
    _ group: GroupSnapshot, features: [Field], keys: Set<[UInt8]>? = nil
  ) throws(HindcastError) {
    var entries: [Entry] = []
    let layout = KeyLayout(group.definition)
    for (index, stored) in group.segments.enumerated() {
      let segment = try stored.reader()
      var scan = try RecordScan(segment, features: features)
      for page in 0..<segment.runPageCount {
        let runs = try segment.runPage(page)
        let ends = runs.ends.span(of: Int.self)
        for run in 0..<runs.keys.count {
          let key = runs.keys.bytes(run)
          if let keys, !keys.contains(key) { continue }
          let record = try layout.decode(key)
          for row in (run == 0 ? runs.firstRow : ends[run - 1])..<ends[run] {
            let version = try scan.version(row)
            entries.append(Entry(record: record, version: version, segment: index, row: row))
          }
        }
      }
    }
    self.entries = entries
  }

  /// The same history for the reference implementation; places in ``entries`` are kept.
  public func reference(_ group: FeatureGroup, featureCount: Int) throws(HindcastError)
    -> ReferenceGroup
  {
    try ReferenceGroup(
      identifierTypes: group.recordIdentifiers.map(\.type), timeUnit: group.timeUnit,
      hasCreatedTime: group.createdTime != nil, featureCount: featureCount,
      versions: entries.map { entry in
        ReferenceVersion(
          record: entry.record, eventTicks: entry.version.eventTime,
          createdTicks: entry.version.createdTime, isTombstone: entry.version.isTombstone,
          features: entry.version.features,
          arrival: ReferenceArrival(commit: UInt64(entry.segment), place: entry.row))
      })
  }
}

extension GroupHistory {
  /// All versions of one record, in order O1, read through the record-id index.
  /// - Throws: ``HindcastError`` if `record` is not of the group's types or a segment is damaged.
  public static func versions(
    of record: [Value], in group: GroupSnapshot
  ) throws(HindcastError) -> [Entry] {
    let layout = KeyLayout(group.definition)
    let fields = group.definition.recordIdentifiers
    var columns: [Column] = []
    for (field, value) in zip(fields, record) {
      columns.append(try Column(type: field.type, values: [value]))
    }
    let encoder = try KeyEncoder(
      layout: layout, sources: fields.map(\.type), names: fields.map(\.name))
    let key = try encoder.encode(columns).keys
    var entries: [Entry] = []
    for (index, stored) in group.segments.enumerated() {
      let segment = try stored.reader()
      guard let rows = try segment.rows(of: key, 0) else { continue }
      var scan = try RecordScan(segment, features: group.definition.features)
      for row in rows {
        let version = try scan.version(row)
        entries.append(Entry(record: record, version: version, segment: index, row: row))
      }
    }
    // Stable, and segments come in commit order: arrival decides what the times leave open.
    return entries.enumerated().sorted { a, b in
      let (x, y) = (a.element.version, b.element.version)
      if x.eventTime != y.eventTime { return x.eventTime < y.eventTime }
      if x.createdTime != y.createdTime {
        guard let xCreated = x.createdTime else { return true }
        guard let yCreated = y.createdTime else { return false }
        return xCreated < yCreated
      }
      return a.offset < b.offset
    }.map(\.element)
  }
}

public import HindcastCore
import HindcastFormat

/// Reads whole versions of a record, a cell at a time: for `history`, the reference and audits,
/// where speed does not matter.
struct RecordScan {
  private var eventTimes: PageCursor
  private var createdTimes: PageCursor?
  private var tombstones: PageCursor?
  private var features: [FeatureCursor] = []

  /// Reads the given features of `segment`, as their group has them now.
  init(_ segment: SegmentReader, features: [Field]) throws(HindcastError) {
    eventTimes = PageCursor(segment.eventTimes)
    createdTimes = segment.createdTimes.map(PageCursor.init)
    tombstones = segment.tombstones.map(PageCursor.init)
    for field in features { self.features.append(FeatureCursor(try segment.column(of: field))) }
  }

  /// The version at `row`.
  mutating func version(_ row: Int) throws(HindcastError) -> ScannedVersion {
    var values: [Value] = []
    for index in features.indices { values.append(try features[index].value(row)) }
    return ScannedVersion(
      eventTime: try eventTimes.time(row) ?? 0, createdTime: try createdTimes?.time(row),
      isTombstone: try Self.cell(row, &tombstones) == .bool(true), features: values)
  }

  private static func cell(_ row: Int, _ cursor: inout PageCursor?) throws(HindcastError) -> Value {
    guard let index = cursor?.pageIndex(of: row), let first = cursor?.firstRow(of: index),
      let page = try cursor?.page(index)
    else { return .null }
    return page[row - first]
  }
}

/// The page of a feature that is decoded at the moment.
private struct FeatureCursor {
  private let column: FeatureColumn
  private var index = -1
  private var current: Column?

  init(_ column: FeatureColumn) { self.column = column }

  /// The cell at `row`.
  mutating func value(_ row: Int) throws(HindcastError) -> Value {
    if row >> column.rowShift != index || current == nil {
      index = row >> column.rowShift
      current = try column.page(index)
    }
    return current?[row & (column.rowsPerPage - 1)] ?? .null
  }
}

/// One version of a record with all its cells.
public struct ScannedVersion: Hashable, Sendable {
  /// The event time in the group's unit.
  public let eventTime: Int64
  /// The created time in the group's unit; nil if null or the group has none.
  public let createdTime: Int64?
  /// Whether the version deletes the record.
  public let isTombstone: Bool
  /// The features' values, in the order asked for; arbitrary in a tombstone.
  public let features: [Value]
}

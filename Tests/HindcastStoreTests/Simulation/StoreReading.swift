import HindcastCore
import HindcastFormat
import HindcastStore
import HindcastTestKit

/// Reads groups as plain rows; remembers segments that it has read.
struct StoreReading {
  private var known: [String: [WorldRow]] = [:]

  /// The rows of a group, in order of arrival.
  /// - Parameter isIncluded: which segments are read.
  mutating func rows(
    _ group: GroupSnapshot, where isIncluded: (StoredSegment) -> Bool = { _ in true }
  ) throws -> [WorldRow] {
    let features = group.definition.features.map { "\($0.id) \($0.type)" }.joined(separator: ",")
    var rows: [WorldRow] = []
    for segment in group.segments where isIncluded(segment) {
      let key = "\(segment.reference.uid) \(features)"
      if !segment.isInMemory, let found = known[key] {
        rows += found
        continue
      }
      let found = try Self.rows(segment.reader(), group.definition)
      guard found.count == segment.reference.rowCount else {
        throw SimulationError("\(found.count) rows, not \(segment.reference.rowCount)")
      }
      known[key] = found
      rows += found
    }
    return rows
  }

  /// Reads segments anew that were damaged since they were read.
  mutating func forget(_ damaged: Set<String>) {
    if damaged.isEmpty { return }
    known = known.filter { !damaged.contains(String($0.key.prefix { $0 != " " })) }
  }

  private static func rows(
    _ segment: SegmentReader, _ group: FeatureGroup
  ) throws -> [WorldRow] {
    var records: [[Value]] = []
    for index in 0..<segment.runPageCount {
      let page = try segment.runPage(index)
      let ends = page.ends.span(of: Int.self)
      for run in 0..<page.keys.count {
        let record = try segment.keyLayout.decode(page.keys.bytes(run))
        while records.count < ends[run] { records.append(record) }
      }
    }
    let times = try ticks(segment.eventTimes)
    let created = try segment.createdTimes.map(ticks)
    let gone = try segment.tombstones.map(values)
    let features = try group.features.map { field in
      let column = try segment.column(of: field)
      return try (0..<column.pageCount).flatMap { try column.page($0).values }
    }
    return records.indices.map { row in
      WorldRow(
        record: records[row], eventTicks: times[row] ?? 0,
        createdTicks: created?[row], isTombstone: gone?[row] == .bool(true),
        features: features.map { $0[row] })
    }
  }

  private static func ticks(_ column: ColumnReader) throws -> [Int64?] {
    try values(column).map { value in
      guard case .integer(let number) = value else { return nil }
      return Int64(number)
    }
  }

  private static func values(_ column: ColumnReader) throws -> [Value] {
    try (0..<column.pageCount).flatMap { try column.page($0).values }
  }
}

import HindcastCore
import HindcastFormat
import Synchronization

/// Rows of the log as segments in memory, which are read as those in files are.
///
/// A group's logged rows are cut into parts of a fixed size, so that only the last part is sorted
/// anew when rows come in.
final class LoggedSegments: Sendable {
  private let log: CommitLog
  private let pages: PageCache
  private let known = Mutex<[UInt32: [Part: StoredSegment]]>([:])

  /// The commits whose rows are in a segment.
  private struct Part: Hashable {
    let first: UInt64
    let last: UInt64
  }

  /// A part ends with the commit that brings it to so many rows, or bytes of them.
  private static let rowsPerPart = 1 << 16
  private static let bytesPerPart = 64 << 20

  init(log: CommitLog, pages: PageCache) {
    self.log = log
    self.pages = pages
  }

  /// The segments of a group's logged rows, in order of arrival, without those of erased records.
  ///
  /// O(rows not seen before); O(rows) if records were erased.
  func segments(
    of group: Catalogue.GroupState, erased: [ErasureRecord] = []
  ) throws(HindcastError) -> [StoredSegment] {
    guard !group.logged.isEmpty else { return [] }
    guard erased.isEmpty else {
      var segments: [StoredSegment] = []
      for rows in try parts(of: group) {
        if let segment = try make(rows, group, without: erased) { segments.append(segment) }
      }
      return segments
    }
    let before = known.withLock { $0[group.id] ?? [:] }
    var now: [Part: StoredSegment] = [:]
    var segments: [StoredSegment] = []
    for rows in try parts(of: group) {
      let part = Part(first: rows[0].commitNumber, last: rows[rows.count - 1].commitNumber)
      let segment: StoredSegment
      if let made = before[part] {
        segment = made
      } else if let made = try make(rows, group) {
        segment = made
      } else {
        continue
      }
      now[part] = segment
      segments.append(segment)
    }
    known.withLock { $0[group.id] = now }
    return segments
  }

  private func parts(
    of group: Catalogue.GroupState
  ) throws(HindcastError) -> [[LoggedRows]] {
    var parts: [[LoggedRows]] = []
    for stretch in group.loggedStretches {
      var (rowCount, byteCount) = (Self.rowsPerPart, 0)
      for rows in stretch {
        if rowCount >= Self.rowsPerPart || byteCount >= Self.bytesPerPart {
          parts.append([])
          (rowCount, byteCount) = (0, 0)
        }
        parts[parts.count - 1].append(rows)
        rowCount += rows.rowCount
        byteCount += try rows.byteCount(log: log)
      }
    }
    return parts
  }

  private func make(
    _ rows: [LoggedRows], _ group: Catalogue.GroupState, without erased: [ErasureRecord] = []
  ) throws(HindcastError) -> StoredSegment? {
    let buffer = RowBuffer(overlaps: false)
    let schema = SegmentSchema(group.definition)
    var sizes = ColumnSizes(schema: schema)
    for part in rows {
      let batch = try part.batch(of: group.definition, log: log).without(erased)
      try buffer.append(batch)
      sizes.add(batch)
    }
    guard buffer.count > 0 else { return nil }
    let uid = SegmentUID.random()
    let path = log.layout.log(rows[0].place.log)
    let file = MemoryWritableFile(path: path)
    var writer = try SegmentWriter(
      file: file, uid: uid, schema: schema, profile: .fast, sizes: sizes)
    var nullCounts = schema.features.map { _ in 0 }
    let sorted = try buffer.take().sorted(bytesPerBatch: 8 << 20)
    while let batch = try sorted?.next() {
      try writer.append(batch)
      for (index, feature) in batch.features.enumerated() { nullCounts[index] += feature.nullCount }
    }
    let summary = try writer.finish()
    let reference = SegmentReference(
      summary, uid: uid, groupID: group.id,
      commits: rows[0].commitNumber...rows[rows.count - 1].commitNumber,
      nullCounts: zip(schema.features, nullCounts).map { ($0.id, $1) })
    let reader = try SegmentReader(
      file: MemoryFile(file.buffer, path: path), expecting: summary.trailerChecksum, cache: pages)
    return StoredSegment(reference: reference, reader: reader)
  }
}

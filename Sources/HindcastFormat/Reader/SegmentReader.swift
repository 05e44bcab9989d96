public import HindcastCore
import Synchronization

/// Reads one segment, by position and by page.
///
/// Safe to share between threads.
///
/// Opening reads the end of the file and the header, not the page directories. Every piece is
/// checked when it is first touched; nothing that a file holds can trap.
public final class SegmentReader: Sendable {
  /// What tells this segment from all others.
  public let uid: SegmentUID
  /// The columns.
  public let schema: SegmentSchema
  /// What the segment holds, in figures.
  public let summary: SegmentSummary
  /// How record identifiers become normalised keys.
  public let keyLayout: KeyLayout
  /// What was read so far.
  public let counters: ReadCounters
  /// What of it was read of features.
  public let featureCounters: ReadCounters
  /// Event times: `Int64` ticks of the schema's unit, with zones.
  public let eventTimes: ColumnReader
  /// Created times, nullable, with zones; nil if the group has none.
  public let createdTimes: ColumnReader?
  /// Whether each row is a tombstone; nil if none is.
  public let tombstones: ColumnReader?

  let path: String
  let source: SegmentSource
  let metadataPieces: [PieceReference]
  let runKeys: ColumnReader
  let runEnds: ColumnReader
  let fenceKeys: ColumnReader
  /// Bloom filters of run pages; nil for word keys.
  let filters: ColumnReader?
  private let features: FeatureReaders
  private let cachedFences = Mutex<KeyVector?>(nil)

  /// Opens a segment.
  ///
  /// - Parameters:
  ///   - file: the whole segment.
  ///   - trailerChecksum: what the commit says of it; nil skips that check.
  ///   - cache: keeps the pages that look-ups read; nil keeps none.
  /// - Throws: ``HindcastError`` with a `segment_` code (see the specification's validation table),
  ///   or `io`.
  public convenience init(
    file: any ReadableFile, expecting trailerChecksum: UInt64?, cache: PageCache? = nil
  ) throws(HindcastError) {
    try self.init(
      file: file, expecting: trailerChecksum, cache: cache, ignoringChecksums: false)
  }

  /// Opens a segment; `ignoringChecksums` lets damage through to the checks behind them.
  package init(
    file: any ReadableFile, expecting trailerChecksum: UInt64?, cache: PageCache? = nil,
    ignoringChecksums: Bool
  ) throws(HindcastError) {
    let counters = ReadCounters()
    let parts = try SegmentParts.open(
      file, expecting: trailerChecksum, ignoringChecksums: ignoringChecksums, counters: counters,
      cache: cache)
    let (schema, source) = (parts.schema, parts.source)
    let time = DataType.timestamp(schema.timeUnit, zone: "UTC")
    func reader(_ kind: ColumnEntry.Kind, _ type: DataType) -> ColumnReader? {
      parts.columns.internals[kind].map {
        ColumnReader($0, type: type, name: kind.name, source: source)
      }
    }
    func required(
      _ kind: ColumnEntry.Kind, _ type: DataType
    ) throws(HindcastError) -> ColumnReader {
      guard let column = reader(kind, type) else {
        throw source.place("column directory", 0).error(
          .segmentBadColumnDirectory, "the column of \(kind.name) is missing")
      }
      return column
    }
    path = file.path
    self.source = source
    metadataPieces = parts.pieces
    uid = parts.uid
    self.schema = schema
    summary = parts.summary
    keyLayout = schema.keyLayout
    self.counters = counters
    eventTimes = try required(.eventTime, time)
    createdTimes = reader(.createdTime, time)
    tombstones = reader(.tombstone, .bool)
    runKeys = try required(.runKey, schema.keyType)
    runEnds = try required(.runEnd, .uint64)
    fenceKeys = try required(.fence, schema.keyType)
    filters = reader(.filter, RunFilter.blockType)
    featureCounters = ReadCounters(partOf: counters)
    features = FeatureReaders(
      schema, parts.columns.features, source.counted(by: featureCounters))
  }

  /// The number of rows: versions of records.
  public var rowCount: Int { summary.rowCount }

  /// The number of runs: records.
  public var runCount: Int { summary.runCount }

  /// The feature of field `id`; nil if the segment lacks it.
  ///
  /// Made when it is first asked for. O(1) after that.
  public func feature(id: UInt32) -> ColumnReader? { features.reader(id) }

  /// The first key of each run page, in order.
  ///
  /// Read once, then kept. O(run pages).
  /// - Throws: ``HindcastError`` as ``ColumnReader/page(_:)``.
  public func fences() throws(HindcastError) -> KeyVector {
    if let fences = cachedFences.withLock({ $0 }) { return fences }
    let fences = try readFences()
    cachedFences.withLock { $0 = fences }
    return fences
  }
}

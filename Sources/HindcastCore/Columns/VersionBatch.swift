/// Versions of records on their way into a segment, one a row.
///
/// In *arrival* order when they come from an input; in segment order (key, event time, created time
/// with null first, arrival) when they go to a segment writer. The type is the same, the method
/// that takes it says which order it wants.
public struct VersionBatch: Sendable {
  /// The normalised record identifiers.
  public var keys: KeyVector
  /// Event times, `Int64` ticks of the group's unit.
  public var eventTimes: Buffer
  /// Created times as a nullable timestamp column in the group's unit; nil if the group has none.
  public var createdTimes: Column?
  /// One bit a row, set where the row is a tombstone; nil if none is.
  public var tombstones: Buffer?
  /// The features, in the group's order, each `count` rows.
  public var features: [Column]

  /// The number of rows.
  public var count: Int { keys.count }

  /// Creates a batch; all parts must have as many rows as `keys`.
  public init(
    keys: KeyVector, eventTimes: Buffer, createdTimes: Column? = nil, tombstones: Buffer? = nil,
    features: [Column]
  ) {
    precondition(eventTimes.byteCount >= keys.count * 8)
    precondition(createdTimes.map { $0.count == keys.count } ?? true)
    precondition((tombstones?.byteCount ?? .max) >= Bits.byteCount(keys.count))
    precondition(features.allSatisfy { $0.count == keys.count })
    self.keys = keys
    self.eventTimes = eventTimes
    self.createdTimes = createdTimes
    self.tombstones = tombstones
    self.features = features
  }
}

extension VersionBatch {
  /// The same rows with nothing but what orders them.
  package var withoutFeatures: VersionBatch {
    VersionBatch(keys: keys, eventTimes: eventTimes, createdTimes: createdTimes, features: [])
  }

  /// The bytes of the rows' values.
  package var byteCount: Int {
    let flags = tombstones == nil ? 0 : Bits.byteCount(count)
    let columns = features.reduce(createdTimes?.byteCount ?? 0) { $0 + $1.byteCount }
    return 8 * count + keys.byteCount(of: 0..<count) + flags + columns
  }
}

extension KeyVector {
  /// The bytes of a range of keys.
  ///
  /// O(1).
  package func byteCount(of rows: Range<Int>) -> Int {
    guard let heap else { return 8 * rows.count }
    let ends = heap.offsets.span(of: Int.self)
    return 16 * rows.count + ends[rows.upperBound] - ends[rows.lowerBound]
  }
}

extension Column {
  /// The bytes of the rows' values.
  package var byteCount: Int { byteCount(of: 0..<count) }

  /// The bytes of the values of a range of rows.
  ///
  /// O(1).
  package func byteCount(of rows: Range<Int>) -> Int {
    let flags = validity == nil ? 0 : Bits.byteCount(rows.count)
    switch body {
    case .bits: return flags + Bits.byteCount(rows.count)
    case .fixed:
      guard case .fixed(let width) = type.layout else { return flags }
      return flags + width * rows.count
    case .bytes(let offsets, _):
      return flags + 4 * (rows.count + 1) + span(rows, offsets).count
    case .list(let offsets, let child):
      return flags + 4 * (rows.count + 1) + child.byteCount(of: span(rows, offsets))
    }
  }

  /// What the offsets of a range of rows lead to.
  private func span(_ rows: Range<Int>, _ offsets: Buffer) -> Range<Int> {
    let ends = offsets.span(of: Int32.self)
    return Int(ends[rows.lowerBound])..<Int(ends[rows.upperBound])
  }
}

public import HindcastCore
public import HindcastFormat

/// How segments are compacted.
public struct CompactionOptions: Sendable {
  /// Whether all segments become one, instead of those alone that tiers by size say.
  public var isFull: Bool
  /// How segments are compressed.
  public var profile: Profile
  /// About how many bytes of memory merging may take.
  public var memoryBytes: Int
  /// The most bytes that are written in a second; nil for as fast as it goes.
  public var bytesPerSecond: Int?
  /// Segments that are larger together are not merged, unless all are to become one.
  public var greatestByteCount: Int
  /// A segment ends at the first record after so many rows.
  public var rowsPerSegment: Int
  /// Segments whose latest event times lie in different windows of this length, counted from 1970,
  /// stay apart; nil for no windows.
  public var window: TimeSpan?

  /// Creates options.
  public init(
    isFull: Bool = false, profile: Profile = .balanced, memoryBytes: Int = 512 << 20,
    bytesPerSecond: Int? = nil, greatestByteCount: Int = 16 << 30, rowsPerSegment: Int = 1 << 29,
    window: TimeSpan? = nil
  ) {
    self.isFull = isFull
    self.profile = profile
    self.memoryBytes = memoryBytes
    self.bytesPerSecond = bytesPerSecond
    self.greatestByteCount = greatestByteCount
    self.rowsPerSegment = rowsPerSegment
    self.window = window
  }

  /// Which segments are merged in a group whose event times have this unit.
  func policy(_ unit: TimeUnit) -> CompactionPolicy {
    var policy = CompactionPolicy()
    policy.greatestByteCount = greatestByteCount
    policy.rowsPerSegment = rowsPerSegment
    if let window {
      policy.windowTicks = Int64(
        clamping: max(1, window.nanoseconds / Int128(unit.nanoseconds)))
    }
    return policy
  }

  var rewriting: RewriteOptions {
    RewriteOptions(
      profile: profile, memoryBytes: memoryBytes, rowsPerSegment: rowsPerSegment,
      bytesPerSecond: bytesPerSecond)
  }
}

/// What a compaction of a group did.
public struct CompactionResult: Hashable, Sendable {
  /// The commits that it made, one for each merge; none if there was nothing to do.
  public var commits: [UInt64] = []
  /// The segments that were merged.
  public var removedSegmentCount = 0
  /// The segments that were written.
  public var addedSegmentCount = 0
  /// The bytes of the segments that were merged.
  public var removedByteCount = 0
  /// The bytes of the segments that were written.
  public var addedByteCount = 0
  /// The rows that were merged.
  public var removedRowCount = 0
  /// The rows that were written: of those equal in record, event time and created time only the
  /// last stays.
  public var addedRowCount = 0
  /// Merges that came to nothing, since another process had replaced or dropped the segments.
  public var overtakenCount = 0
}

/// How far a compaction has come.
public enum CompactionProgress: Sendable {
  /// Rows of a merge are written.
  case rows(done: Int, of: Int)
  /// The merge is done; another writer holds the store.
  case waitingForWriter
  /// A merge is published, and another may follow: what was done so far.
  case published(CompactionResult)
}

/// What the steps of resolving cost, in nanoseconds of one core.
///
/// Set by hand to what `benchmarks/join_strategies.py` measures on a machine as its results name
/// it; only proportions matter, and those are much alike from one machine to the next.
public struct CostModel: Hashable, Sendable {
  /// Sorting a label by key and time.
  public var sortLabel = 30.0
  /// Bringing a label to those of its record by a hash table.
  public var groupLabel = 35.0
  /// Reading a page of records and decoding it.
  public var decodeRecordPage = 9_000.0
  /// Reading a page of records, values still encoded.
  public var openRecordPage = 5_000.0
  /// Going on to the next record by galloping.
  public var mergeRecord = 60.0
  /// Finding a record by fences, filter and a search in its page.
  public var probeRecord = 450.0
  /// Looking a record of the segment up in the table of labels' records.
  public var hashRecord = 40.0
  /// Reading a page of event times and decoding it.
  public var decodeTimePage = 9_000.0
  /// Reading a page of event times, values still encoded.
  public var openTimePage = 6_500.0
  /// A search in decoded times.
  public var searchTimes = 35.0
  /// A search in encoded times.
  public var probeTimes = 700.0

  /// The measured model.
  public init() {}
}

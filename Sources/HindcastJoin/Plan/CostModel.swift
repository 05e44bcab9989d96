/// What the steps of resolving cost, in nanoseconds of one core.
///
/// Fitted by `benchmarks/fit_cost_model.py` to measurements of three histories, by least squares of
/// ratios with no negative constant; only proportions matter, and those are much alike from one
/// machine to the next. What always comes together is told as one of its parts: the search in
/// times has what sorting a label takes, and the search by place what looking up its record does.
public struct CostModel: Hashable, Sendable {
  /// Sorting a label by key and time.
  public var sortLabel = 0.0
  /// Bringing a label to those of its record by a hash table.
  public var groupLabel = 31.0
  /// Reading a page of records and decoding it.
  public var decodeRecordPage = 2_235.0
  /// Reading a page of records, values still encoded.
  public var openRecordPage = 0.0
  /// Going on to the next record by galloping.
  public var mergeRecord = 13.8
  /// Finding a record by fences, filter and a search in its page.
  public var probeRecord = 0.0
  /// Looking a record of the segment up in the table of labels' records.
  public var hashRecord = 16.7
  /// Reading a page of event times and decoding it.
  public var decodeTimePage = 4_794.0
  /// Reading a page of event times, values still encoded.
  public var openTimePage = 1_172.0
  /// A byte of a page of event times that is decoded.
  public var decodeTimeByte = 0.09
  /// A byte of a page of event times that is opened.
  public var openTimeByte = 0.36
  /// A search in decoded times.
  public var searchTimes = 119.0
  /// A search in encoded times.
  public var probeTimes = 444.0

  /// The measured model.
  public init() {}
}

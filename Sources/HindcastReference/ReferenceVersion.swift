public import HindcastCore

/// One version of a record, as plain values.
public struct ReferenceVersion: Hashable, Sendable {
  /// The record identifier, a value a component.
  public var record: [Value]
  /// The event time in ticks of the group's unit.
  public var eventTicks: Int64
  /// The created time in ticks of the group's unit; nil if it is null or the group has none.
  public var createdTicks: Int64?
  /// Whether this version says that the record was deleted.
  public var isTombstone: Bool
  /// The features' values, in the group's order.
  public var features: [Value]
  /// When it came in, against all other versions.
  public var arrival: ReferenceArrival

  /// Creates a version.
  public init(
    record: [Value], eventTicks: Int64, createdTicks: Int64? = nil, isTombstone: Bool = false,
    features: [Value], arrival: ReferenceArrival
  ) {
    self.record = record
    self.eventTicks = eventTicks
    self.createdTicks = createdTicks
    self.isTombstone = isTombstone
    self.features = features
    self.arrival = arrival
  }
}

/// When a version came in (rule O1): the commit number, then the place in that commit's input.
public struct ReferenceArrival: Hashable, Sendable {
  /// The commit number.
  public var commit: UInt64
  /// The row's number in the commit's input: files in argument order, then rows.
  public var place: Int

  /// Creates an arrival.
  public init(commit: UInt64, place: Int) {
    self.commit = commit
    self.place = place
  }
}

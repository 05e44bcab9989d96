public import HindcastCore
public import HindcastJoin
public import HindcastStore

/// The latest values of records: the as-of answer for (record, now), by the same resolve and gather
/// that build training sets (rule N1).
public struct OnlineView: Sendable {
  private let join: AsOfJoin
  private let view: BoundView
  private let encoder: KeyEncoder

  /// Creates the online view of a group at a snapshot.
  /// - Throws: ``HindcastError`` if the view names what the group does not have.
  public init(_ view: FeatureView, group: GroupSnapshot) throws(HindcastError) {
    let bound = try BoundView(view, to: group.definition)
    let identifiers = group.definition.recordIdentifiers
    encoder = try KeyEncoder(
      layout: KeyLayout(group.definition), sources: identifiers.map(\.type),
      names: identifiers.map(\.name))
    join = AsOfJoin(view: bound, group: group)
    self.view = bound
  }

  /// The features that are answered, in order.
  public var features: [Field] { view.features }

  /// What was known of each record at `now`, in the order asked.
  ///
  /// Each record is a value a component of the identifier. Costs a lookup in the record-id index of
  /// each segment and a page a feature.
  /// - Throws: ``HindcastError`` if a value is not of its identifier's type or a segment is
  ///   damaged.
  public func answers(
    for records: [[Value]], at now: Instant
  ) throws(HindcastError) -> [OnlineAnswer] {
    var columns: [Column] = []
    for (index, field) in view.group.recordIdentifiers.enumerated() {
      columns.append(try Column(type: field.type, values: records.map { $0[index] }))
    }
    let labels = try LabelVector(keys: encoder.encode(columns), at: now)
    let resolution = try join.resolve(labels)
    let eventTimes = join.eventTimes(resolution)
    let features = try join.gather(view.features, resolution)
    return records.indices.map { row in
      OnlineAnswer(
        record: records[row], outcome: resolution.outcomes[row], eventTime: eventTimes[row],
        features: features.map { $0[row] })
    }
  }
}

/// The latest values of one record.
public struct OnlineAnswer: Hashable, Sendable {
  /// The record identifier, a value a component.
  public let record: [Value]
  /// What became of the question; the values are null unless it is `matched`.
  public let outcome: Outcome
  /// The event time in ticks of the group's unit; null unless matched.
  public let eventTime: Value
  /// The features' values, in the view's order.
  public let features: [Value]
}

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
  /// Each record is a value a component of the identifier; an integer that the identifier's type
  /// can't hold names no record (rule L2). Costs a lookup in the record-id index of
  /// each segment and a page a feature.
  /// - Throws: ``HindcastError`` if a value is not of its identifier's type or a segment is
  ///   damaged.
  public func answers(
    for records: [[Value]], at now: Instant
  ) throws(HindcastError) -> [OnlineAnswer] {
    let labels = try LabelVector(keys: keys(of: records), at: now)
    let resolution = try join.resolve(labels)
    let eventTimes = join.eventTimes(resolution)
    let features = try join.gather(view.features, resolution)
    return records.indices.map { row in
      OnlineAnswer(
        record: records[row], outcome: resolution.outcomes[row], eventTime: eventTimes[row],
        features: features.map { $0[row] })
    }
  }

  private func keys(of records: [[Value]]) throws(HindcastError) -> KeyEncoder.Encoded {
    var columns: [Column] = []
    var absent: Set<Int> = []
    for (index, field) in view.group.recordIdentifiers.enumerated() {
      var values = records.map { $0[index] }
      for (row, value) in values.enumerated() where field.type.isInteger {
        guard case .integer(let number) = value, !field.type.holds(number) else { continue }
        values[row] = .integer(0)
        absent.insert(row)
      }
      columns.append(try Column(type: field.type, values: values))
    }
    var encoded = try encoder.encode(columns)
    if !absent.isEmpty {
      var bits = [UInt8](repeating: 0, count: Bits.byteCount(records.count))
      for row in absent { bits[row >> 3] |= 1 << UInt8(row & 7) }
      encoded.absentRows = Buffer(bits)
    }
    return encoded
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

public import HindcastCore
public import HindcastReference

/// A group's history, labels and a request: one case for every implementation of the contract.
public struct World: Sendable {
  /// What replays this case: a seed, or an enumerator's index.
  public var name: String
  /// The group's definition.
  public var group: FeatureGroup
  /// The history: rows in arrival order, commit after commit.
  public var commits: [[WorldRow]]
  /// The types of the labels' identifier columns.
  public var labelTypes: [DataType]
  /// The unit of the labels' times.
  public var labelUnit: TimeUnit
  /// The labels.
  public var labels: [WorldLabel]
  /// How the group is asked.
  public var options: ReferenceOptions

  /// Creates a world.
  public init(
    name: String, group: FeatureGroup, commits: [[WorldRow]], labelTypes: [DataType],
    labelUnit: TimeUnit, labels: [WorldLabel], options: ReferenceOptions
  ) {
    self.name = name
    self.group = group
    self.commits = commits
    self.labelTypes = labelTypes
    self.labelUnit = labelUnit
    self.labels = labels
    self.options = options
  }
}

/// One row of input; its arrival is its place.
public struct WorldRow: Hashable, Sendable {
  /// The record identifier, a value a component.
  public var record: [Value]
  /// The event time in the group's unit.
  public var eventTicks: Int64
  /// The created time in the group's unit, if the row has one.
  public var createdTicks: Int64?
  /// Whether the row is a tombstone.
  public var isTombstone: Bool
  /// The features' values.
  public var features: [Value]

  /// Creates a row.
  public init(
    record: [Value], eventTicks: Int64, createdTicks: Int64? = nil, isTombstone: Bool = false,
    features: [Value]
  ) {
    self.record = record
    self.eventTicks = eventTicks
    self.createdTicks = createdTicks
    self.isTombstone = isTombstone
    self.features = features
  }
}

/// One label, its time in the world's label unit.
public struct WorldLabel: Hashable, Sendable {
  /// The record identifier, a value a component, nulls where there is none.
  public var record: [Value]
  /// The time; nil if it is null.
  public var ticks: Int64?

  /// Creates a label.
  public init(record: [Value], ticks: Int64?) {
    self.record = record
    self.ticks = ticks
  }
}

extension World {
  /// All rows of all commits, in arrival order.
  public var rows: [WorldRow] { commits.flatMap { $0 } }

  /// The number of the commit that holds ``rows`` from `commits[index]`, as the reference sees it.
  public static func commitNumber(_ index: Int) -> UInt64 { UInt64(index) + 1 }

  /// The history as the reference takes it, in arrival order.
  public var versions: [ReferenceVersion] {
    commits.enumerated().flatMap { index, rows in
      rows.enumerated().map { place, row in
        ReferenceVersion(
          record: row.record, eventTicks: row.eventTicks, createdTicks: row.createdTicks,
          isTombstone: row.isTombstone, features: row.features,
          arrival: ReferenceArrival(commit: Self.commitNumber(index), place: place))
      }
    }
  }

  /// The labels as the reference takes them.
  public var referenceLabels: [ReferenceLabel] {
    labels.map { label in
      ReferenceLabel(
        record: label.record,
        time: label.ticks.map { ReferenceTime(ticks: $0, unit: labelUnit) })
    }
  }

  /// What the reference answers; winners are indexes into ``rows``.
  public func expected() throws(HindcastError) -> ReferenceResult {
    let history = try ReferenceGroup(group, versions: versions)
    let join = try ReferenceJoin(group: history, options: options, labelTypes: labelTypes)
    return join.answers(referenceLabels)
  }
}

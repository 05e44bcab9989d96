public import HindcastCore
public import HindcastFormat
public import HindcastStore

/// The point-in-time join of one view: for each label the version that was known at its time.
///
/// *Resolve* finds which row answers each label; *gather* fetches the columns of those rows:
/// ```swift
/// let join = AsOfJoin(view: bound, group: snapshot.group(named: "balances"))
/// let resolution = try join.resolve(labels)
/// let columns = try join.gather(bound.features, resolution)   // in label order
/// ```
public struct AsOfJoin: Sendable {
  /// The view with its rule.
  public let view: BoundView
  private let group: GroupSnapshot
  private let strategy: Strategy

  /// Creates the join of a view with its group's history at a snapshot.
  public init(view: BoundView, group: GroupSnapshot, strategy: Strategy = .auto) {
    self.view = view
    self.group = group
    self.strategy = strategy == .auto ? .merge : strategy
  }

  /// The strategy that resolves: the one asked for, or the planner's choice.
  public var chosenStrategy: Strategy { strategy }

  /// What has been read of the group's segments so far, by whomever.
  public func readCounts() throws(HindcastError) -> ReadCounts {
    var counts = ReadCounts()
    for segment in group.segments {
      counts = counts + (try segment.reader().counters.snapshot())
    }
    return counts
  }

  /// How many bytes a value of `feature` takes in the segments, about: the most of any segment.
  /// - Throws: ``HindcastError`` if a segment can't be read.
  public func storedBytesPerValue(_ feature: Field) throws(HindcastError) -> Int {
    var most = 0
    for segment in group.segments {
      guard let column = try segment.reader().feature(id: feature.id), column.rowCount > 0 else {
        continue
      }
      most = max(most, column.storedByteCount / column.rowCount)
    }
    return most
  }

  /// Finds the row that answers each label.
  ///
  /// Cost of `merge`: O(labels) to sort, then one pass over the runs and times of the labels'
  /// records. Memory: O(labels) and a page a column.
  /// - Throws: ``HindcastError`` if a segment can't be read.
  public func resolve(_ labels: LabelVector) throws(HindcastError) -> Resolution {
    let input = ResolveInput(labels, view.rule)
    var resolution = Resolution(
      order: input.order, labelCount: labels.count, hasCreatedTime: view.group.createdTime != nil)
    switch strategy {
    case .auto, .merge:
      for (index, segment) in group.segments.enumerated() {
        try MergeStrategy.resolve(input, segment.reader(), index: index, into: &resolution)
      }
    case .nested:
      try NestedStrategy.resolve(input, view, group, into: &resolution)
    }
    try classify(labels, &resolution)
    return resolution
  }

  /// The winners' values of several features, in label order, gathered on all cores.
  /// - Throws: ``HindcastError`` if a segment can't be read.
  public func gather(
    _ features: [Field], _ resolution: Resolution
  ) throws(HindcastError) -> [Column] {
    try Parallel.map(features.count) { index throws(HindcastError) in
      try gather(features[index], resolution)
    }
  }

  /// The winners' values of one feature, in label order; null where there is no match.
  public func gather(
    _ feature: Field, _ resolution: Resolution
  ) throws(HindcastError) -> Column {
    var sources: [ColumnReader?] = []
    for segment in group.segments { sources.append(try segment.reader().feature(id: feature.id)) }
    return try Gather(resolution: resolution, sources: sources).column(of: feature.type)
  }

  /// The winners' event times, in label order; null where there is no match.
  public func eventTimes(_ resolution: Resolution) -> Column {
    var validity = MutableBuffer(byteCount: Bits.byteCount(resolution.labelCount))
    var values = MutableBuffer(byteCount: 8 * resolution.labelCount)
    var bits = validity.mutableSpan(of: UInt8.self)
    var times = values.mutableSpan(of: Int64.self)
    let entries = resolution.matchedEntries()
    for entry in entries {
      let label = Int(resolution.labels[entry])
      Bits.set(&bits, label)
      times[label] = resolution.eventTimes[entry]
    }
    return Column(
      type: .timestamp(view.group.timeUnit, zone: view.group.eventTimeZone),
      count: resolution.labelCount, nullCount: resolution.labelCount - entries.count,
      validity: validity.freeze(), body: .fixed(values.freeze()))
  }

  /// Says what became of each label: unusable, missing, deleted, expired or matched.
  private func classify(
    _ labels: LabelVector, _ resolution: inout Resolution
  ) throws(HindcastError) {
    for row in 0..<labels.count where labels.isUnusable(row) {
      resolution.outcomes[row] = .unusable
    }
    var tombstones: [PageCursor?] = []
    for segment in group.segments {
      tombstones.append(try segment.reader().tombstones.map(PageCursor.init))
    }
    let times = labels.times.span(of: Int64.self)
    for entry in resolution.labels.indices where resolution.segments[entry] >= 0 {
      let label = Int(resolution.labels[entry])
      let segment = Int(resolution.segments[entry])
      let row = resolution.rows[entry]
      if try isSet(row, &tombstones[segment]) {
        resolution.outcomes[label] = .deleted
      } else if isExpired(resolution.eventTimes[entry], at: times[label], labels.unit) {
        resolution.outcomes[label] = .expired
      } else {
        resolution.outcomes[label] = .matched
      }
    }
  }

  private func isSet(_ row: Int, _ cursor: inout PageCursor?) throws(HindcastError) -> Bool {
    guard let index = cursor?.pageIndex(of: row), let first = cursor?.firstRow(of: index),
      let page = try cursor?.page(index), case .bits(let bits) = page.body
    else { return false }
    return Bits.get(bits.span(of: UInt8.self), row - first)
  }

  /// `t - event time > max age`, as unbounded integers would have it.
  private func isExpired(_ event: Int64, at time: Int64, _ unit: TimeUnit) -> Bool {
    guard let maxAge = view.rule.maxAge else { return false }
    let age =
      Instant(ticks: time, unit: unit).nanoseconds
      - Instant(ticks: event, unit: view.rule.timeUnit).nanoseconds
    return age > maxAge.nanoseconds
  }
}

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
    self.strategy = strategy
  }

  /// What has been read of the group's segments so far, by whomever: of features, which gathering
  /// reads, and of all else, which resolving does.
  public func readCounts() throws(HindcastError) -> (resolve: ReadCounts, gather: ReadCounts) {
    var (all, features) = (ReadCounts(), ReadCounts())
    for segment in group.segments {
      let reader = try segment.reader()
      features = features + reader.featureCounters.snapshot()
      all = all + reader.counters.snapshot()
    }
    return (all - features, features)
  }

  /// How many bytes a value of `feature` takes in the segments, about: the most of any segment, or
  /// its default's.
  /// - Throws: ``HindcastError`` if a segment can't be read.
  public func storedBytesPerValue(_ feature: Field) throws(HindcastError) -> Int {
    var most = feature.defaultValue?.byteCount ?? 0
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
  /// On all cores. Memory: O(labels), and a few pages a core.
  /// - Throws: ``HindcastError`` if a segment can't be read; `before_horizon` if a label asks for
  /// history before the group's horizon.
  public func resolve(_ labels: LabelVector) throws(HindcastError) -> Resolution {
    try group.checkHorizon(labels, view.rule)
    var resolution = try strategy == .nested ? resolveNested(labels) : resolveBySegment(labels)
    try classify(labels, &resolution)
    return resolution
  }

  private func resolveNested(_ labels: LabelVector) throws(HindcastError) -> Resolution {
    let input = ResolveInput(labels, view.rule, hasCreatedTime: hasCreatedTime)
    var winners = Winners(
      entries: 0..<input.order.rows.count, hasCreatedTime: hasCreatedTime)
    try NestedStrategy.resolve(input, view, group, into: &winners)
    var plan = ResolvePlan(labels: input.counts, segments: [])
    for segment in group.segments {
      let history = ResolvePlan.History(try segment.reader())
      plan.segments.append(.init(strategy: .nested, history: history, estimates: []))
    }
    return Resolution(order: input.order, winners: winners, labelCount: labels.count, plan: plan)
  }

  private func resolveBySegment(_ labels: LabelVector) throws(HindcastError) -> Resolution {
    let segments = group.segments
    let histories = try Parallel.map(segments.count) { index throws(HindcastError) in
      try SegmentHistory(segments[index], index: index)
    }
    let (input, plan) = try planned(labels, histories)
    let winners = try SegmentWork.winners(input, plan, histories)
    return Resolution(order: input.order, winners: winners, labelCount: labels.count, plan: plan)
  }

  /// The labels in the order that the strategies want, and which of them resolves which segment.
  private func planned(
    _ labels: LabelVector, _ histories: [SegmentHistory]
  ) throws(HindcastError) -> (ResolveInput, ResolvePlan) {
    let planner = Planner()
    func input(isSorted: Bool) -> ResolveInput {
      ResolveInput(labels, view.rule, hasCreatedTime: hasCreatedTime, isSorted: isSorted)
    }
    guard strategy == .auto else {
      let input = input(isSorted: strategy != .hash)
      let segments = histories.map(\.segment)
      return (input, ResolvePlan(labels: input.counts, strategy: strategy, segments: segments))
    }
    // What is not sorted can only be resolved by hash, so that is for one segment to say.
    if histories.count == 1 {
      let history = ResolvePlan.History(histories[0].segment)
      let estimates = planner.estimates(labels.estimatedCounts, history, isOrdered: false)
      if estimates.first?.strategy == .hash {
        let input = input(isSorted: false)
        let segment = ResolvePlan.Segment(strategy: .hash, history: history, estimates: estimates)
        return (input, ResolvePlan(labels: input.counts, segments: [segment]))
      }
    }
    let sorted = input(isSorted: true)
    let segments = try Parallel.map(histories.count) { index throws(HindcastError) in
      let segment = histories[index].segment
      let facts = ResolvePlan.History(segment)
      let estimates = planner.estimates(try sorted.counts(in: segment), facts, isOrdered: true)
      return ResolvePlan.Segment(
        strategy: estimates.first?.strategy ?? .merge, history: facts, estimates: estimates)
    }
    return (sorted, ResolvePlan(labels: sorted.counts, segments: segments))
  }

  private var hasCreatedTime: Bool { view.group.createdTime != nil }

  /// The winners' values of several features, in label order, gathered on all cores.
  /// - Throws: ``HindcastError`` if a segment can't be read.
  public func gather(
    _ features: [Field], _ resolution: Resolution
  ) throws(HindcastError) -> [Column] {
    try [GatherRequest(self, features, matchedRows(resolution))].gather().flatMap(\.columns)
  }

  /// The rows that gathering fetches, which features share.
  package func matchedRows(_ resolution: Resolution) -> MatchedRows {
    MatchedRows(resolution, segmentCount: group.segments.count)
  }

  /// The winners' values of one feature, in label order.
  /// - Throws: ``HindcastError`` if a segment can't be read.
  func gather(
    _ feature: Field, _ matched: MatchedRows
  ) throws(HindcastError) -> Column {
    var sources: [FeatureColumn] = []
    for segment in group.segments { sources.append(try segment.reader().column(of: feature)) }
    return try Gather(matched, sources: sources).column(of: feature.type)
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

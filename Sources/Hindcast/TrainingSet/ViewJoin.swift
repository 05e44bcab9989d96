import HindcastCore
import HindcastFormat
import HindcastJoin
import HindcastStore

/// One view of a build: its join, and what became of the labels so far.
struct ViewJoin: Sendable {
  let bound: BoundView
  /// Its features' output names, in order.
  let outputNames: [String]
  /// Its event time's output name, where asked for.
  let eventTimeName: String?
  private let group: GroupSnapshot
  private var join: AsOfJoin
  private let encoder: KeyEncoder
  private(set) var counts = OutcomeCounts()
  private(set) var certificate = Certificate()
  private(set) var plan: BuildPlan.View
  /// A label's time and an event time, to see whether their units can be right.
  private(set) var typicalLabelTime: Instant?
  let typicalEventTime: Instant?

  /// `keyTypes` are the types of the label columns named by the view.
  init(
    _ bound: BoundView, group: GroupSnapshot, strategy: Strategy, keyTypes: [DataType],
    outputNames: [String], eventTimeName: String?
  ) throws(HindcastError) {
    self.bound = bound
    self.group = group
    self.outputNames = outputNames
    self.eventTimeName = eventTimeName
    join = AsOfJoin(view: bound, group: group, strategy: strategy)
    let segments = group.segments.map(\.reference)
    plan = BuildPlan.View(
      alias: bound.view.alias, group: bound.group.name,
      segmentCount: segments.count, rowCount: segments.reduce(0) { $0 + $1.rowCount },
      recordCount: segments.reduce(0) { $0 + $1.runCount })
    encoder = try KeyEncoder(
      layout: KeyLayout(group.definition), sources: keyTypes, names: bound.labelKeys)
    typicalEventTime = group.segments.last.map { segment in
      Instant(ticks: segment.reference.maxEventTime, unit: group.definition.timeUnit)
    }
  }

  /// That rows are missing because their segments were damaged; nil if none are.
  var quarantineWarning: String? { group.quarantineWarning }
  /// Erasures that came after the snapshot, and took records out of it.
  var erasedSince: [ErasureRecord] { group.erasedSince }

  /// Forgets what was answered, and answers by another strategy from now on.
  mutating func restart(_ strategy: Strategy) {
    join = AsOfJoin(view: bound, group: group, strategy: strategy)
    counts = OutcomeCounts()
    certificate = Certificate()
    plan.restart()
  }

  /// The output columns' names and types, in order.
  var outputs: [(name: String, type: DataType)] {
    var outputs = zip(outputNames, bound.features).map { (name: $0, type: $1.type) }
    if let eventTimeName {
      let group = bound.group
      outputs.append((eventTimeName, .timestamp(group.timeUnit, zone: group.eventTimeZone)))
    }
    return outputs
  }

  /// A chunk of labels as the view sees them.
  func labels(keys: [Column], time: ChunkTime) throws(HindcastError) -> LabelVector {
    let encoded = try encoder.encode(keys)
    return switch time {
    case .column(let times): try LabelVector(keys: encoded, times: times)
    case .instant(let instant): try LabelVector(keys: encoded, at: instant)
    }
  }

  /// What the view's labels depend on beside the chunk: views for which it is the same share them.
  var labelSource: LabelSource.Keys {
    LabelSource.Keys(columns: bound.labelKeys, layout: KeyLayout(group.definition))
  }

  /// Finds the rows that answer a chunk of labels, and counts what became of them.
  mutating func resolve(_ labels: LabelVector) throws(HindcastError) -> Resolution {
    let (start, before) = (ContinuousClock.now, try join.readCounts().resolve)
    let resolution = try join.resolve(labels)
    plan.resolve.add(
      BuildPlan.Step(
        seconds: (ContinuousClock.now - start) / .seconds(1),
        reads: try join.readCounts().resolve - before))
    plan.chunkCount += 1
    plan.labelCount += labels.count
    plan.add(resolution.plan)
    counts.add(resolution.outcomes)
    certificate.add(resolution, labels, unit: bound.rule.timeUnit)
    if typicalLabelTime == nil, let row = resolution.labels.last {
      let ticks = labels.times.span(of: Int64.self)[Int(row)]
      typicalLabelTime = Instant(ticks: ticks, unit: labels.unit)
    }
    return resolution
  }

  /// What is to be gathered for labels that were resolved.
  func gatherRequest(_ resolution: Resolution) -> GatherRequest {
    GatherRequest(join, bound.features, join.matchedRows(resolution))
  }

  /// The answers' event times, where they are asked for.
  func eventTimes(_ resolution: Resolution) -> Column? {
    eventTimeName == nil ? nil : join.eventTimes(resolution)
  }

  /// What has been read of the group's features so far.
  func featureReadCounts() throws(HindcastError) -> ReadCounts { try join.readCounts().gather }

  /// Adds what gathering cost to the plan.
  mutating func add(gather step: BuildPlan.Step) { plan.gather.add(step) }

  /// How many of the keys name a record that has any version at all, whenever and however known.
  func countRecords(_ keys: [Column]) throws(HindcastError) -> Int {
    var view = bound.view
    view.delay = .zero
    view.isStrict = false
    view.maxAge = .unlimited
    view.isKnownLate = true
    let everything = AsOfJoin(
      view: try BoundView(view, to: bound.group), group: group, strategy: .merge)
    let end = Instant(ticks: .max, unit: bound.group.timeUnit)
    let labels = try LabelVector(keys: encoder.encode(keys), at: end)
    var counts = OutcomeCounts()
    counts.add(try everything.resolve(labels).outcomes)
    return counts.matched + counts.deleted
  }

  /// The manifest's account of the view.
  var account: Manifest.View {
    let checked = bound.rule.checksCreatedTime
    let createdTime = bound.group.createdTime == nil ? "none" : checked ? "checked" : "RELAXED"
    return Manifest.View(
      alias: bound.view.alias, group: bound.group.name,
      keys: Dictionary(
        uniqueKeysWithValues: zip(bound.group.recordIdentifiers.map(\.name), bound.labelKeys)),
      features: bound.features.map(\.name), delay: "\(bound.rule.delay)",
      strict: bound.rule.isStrict, maxAge: bound.rule.maxAge.map { "\($0)" } ?? "none",
      createdTime: createdTime,
      counts: Manifest.Counts(
        unusable: counts.unusable, missing: counts.missing, deleted: counts.deleted,
        expired: counts.expired, matched: counts.matched),
      certificate: Manifest.Proof(
        minLabelMinusEventNs: certificate.leastAge.map { "\($0)" },
        minLabelMinusCreatedNs: certificate.leastKnownAge.map { "\($0)" },
        cellsKnownLate: certificate.lateLabels * bound.features.count,
        holds: certificate.holds(for: bound.rule)),
      quarantinedVersions: group.quarantined.isEmpty ? nil : group.quarantinedVersionCount)
  }
}

/// The times of a chunk of labels.
enum ChunkTime: Sendable {
  /// A timestamp or date a label.
  case column(Column)
  /// The same instant for all.
  case instant(Instant)
}

import HindcastCore
import HindcastFormat
import HindcastJoin
import HindcastOnline
import HindcastReference
import HindcastStore
import HindcastTestKit
import Testing

/// A world in a real store, asked through the engine.
struct Engine {
  private let group: GroupSnapshot

  /// Puts the world's history into a store of its own.
  init(
    _ world: World, profile: Profile = .balanced, batchRows: Int = 50, memoryBytes: Int? = nil,
    segmentsPerIngest: Int = 8
  ) throws {
    try self.init(
      world.store(
        profile: profile, batchRows: batchRows, memoryBytes: memoryBytes,
        segmentsPerIngest: segmentsPerIngest), world,
      snapshot: nil)
  }

  /// Asks a store that holds the world's history, at a snapshot; the latest if nil.
  init(_ store: Store, _ world: World, snapshot: UInt64?) throws {
    group = try store.snapshot(snapshot).group(named: world.group.name)
  }

  /// The number of segments that hold the history.
  var segmentCount: Int { group.segments.count }

  /// The number of segments in which records were looked up so far, by `merge`.
  func searchedSegmentCount() throws -> Int {
    try group.segments.count { try $0.reader().counters.snapshot().keysCompared > 0 }
  }

  private func view(_ options: ReferenceOptions) -> FeatureView {
    var view = FeatureView(group: group.definition.name)
    view.delay = options.delay
    view.isStrict = options.isStrict
    view.maxAge = options.maxAge.map { .atMost($0) } ?? .unlimited
    view.isKnownLate = options.allowsKnownLate
    return view
  }

  private func labels(_ world: World, _ range: Range<Int>) throws -> LabelVector {
    var chunk = world
    chunk.labels = Array(world.labels[range])
    let encoder = try KeyEncoder(
      layout: KeyLayout(group.definition), sources: world.labelTypes,
      names: group.definition.recordIdentifiers.map(\.name))
    return try LabelVector(
      keys: try encoder.encode(try chunk.labelColumns()), times: try chunk.labelTimes())
  }

  /// The answers to the world's labels, `chunkRows` at a time.
  func answers(
    _ world: World, strategy: Strategy = .merge, chunkRows: Int = .max
  ) throws -> [WorldAnswer] {
    try run(world, strategy: strategy, chunkRows: chunkRows).answers
  }

  /// The answers, their counts and the certificate.
  func run(
    _ world: World, strategy: Strategy = .merge, chunkRows: Int = .max
  ) throws -> (answers: [WorldAnswer], counts: OutcomeCounts, certificate: Certificate) {
    let bound = try BoundView(view(world.options), to: group.definition)
    let join = AsOfJoin(view: bound, group: group, strategy: strategy)
    var answers: [WorldAnswer] = []
    var counts = OutcomeCounts()
    var certificate = Certificate()
    var start = 0
    repeat {
      let end = start + min(chunkRows, world.labels.count - start)
      let labels = try labels(world, start..<end)
      let resolution = try join.resolve(labels)
      expect(strategy, did: resolution.plan)
      counts.add(resolution.outcomes)
      certificate.add(resolution, labels, unit: group.definition.timeUnit)
      let features = try join.gather(bound.features, resolution).map(\.values)
      let eventTimes = join.eventTimes(resolution).values
      for row in 0..<labels.count {
        answers.append(
          WorldAnswer(
            outcome: ReferenceOutcome(resolution.outcomes[row]), features: features.map { $0[row] },
            eventTicks: eventTimes[row].ticks))
      }
      start = end
    } while start < world.labels.count
    return (answers, counts, certificate)
  }

  /// The strategy that was named is the one that ran, on every segment.
  private func expect(_ strategy: Strategy, did plan: ResolvePlan) {
    #expect(plan.segments.count == group.segments.count)
    if strategy == .auto {
      #expect(!plan.strategies.keys.contains(.auto) && !plan.strategies.keys.contains(.nested))
    } else {
      #expect(plan.strategies == (group.segments.isEmpty ? [:] : [strategy: segmentCount]))
    }
  }

  /// The answers of the online view, record by record and instant by instant.
  ///
  /// It takes identifiers of the group's types alone: a label whose value has no such form is
  /// missing by rule L2 and not asked, nor is one without a time.
  func onlineAnswers(_ world: World) throws -> [WorldAnswer] {
    let online = try OnlineView(view(world.options), group: group)
    let types = group.definition.recordIdentifiers.map(\.type)
    let empty = Array(repeating: Value.null, count: world.group.features.count)
    var answers = Array(
      repeating: WorldAnswer(outcome: .unusable, features: empty, eventTicks: nil),
      count: world.labels.count)
    var questions: [Int64: [(label: Int, record: [Value])]] = [:]
    for (index, label) in world.labels.enumerated() {
      guard let ticks = label.ticks else { continue }
      if let record = label.record(from: world.labelTypes, as: types) {
        questions[ticks, default: []].append((index, record))
      } else {
        answers[index].outcome = label.record.contains(.null) ? .unusable : .missing
      }
    }
    for (ticks, asked) in questions {
      let now = Instant(ticks: ticks, unit: world.labelUnit)
      for (question, answer) in zip(asked, try online.answers(for: asked.map(\.record), at: now)) {
        answers[question.label] = WorldAnswer(
          outcome: ReferenceOutcome(answer.outcome), features: answer.features,
          eventTicks: answer.eventTime.ticks)
      }
    }
    return answers
  }
}

extension Strategy {
  /// Those that are not the reference.
  static let fast: [Strategy] = [.merge, .probe, .hash, .auto]
}

extension ReferenceOutcome {
  init(_ outcome: Outcome) {
    self =
      switch outcome {
      case .unusable: .unusable
      case .missing: .missing
      case .deleted: .deleted
      case .expired: .expired
      case .matched: .matched
      }
  }
}

extension Value {
  /// The ticks of a time; nil if null.
  fileprivate var ticks: Int64? {
    guard case .integer(let number) = self else { return nil }
    return Int64(exactly: number)
  }
}

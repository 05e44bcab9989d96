import HindcastCore

/// A table of feature versions of the benchmark workloads.
struct FeatureTable: TableSource {
  var timeline: Timeline
  var features: [FeatureSpec]
  var order: Dataset.RowOrder
  /// Whether rows become known late, are corrected and deleted.
  var lateness: Lateness?

  var fields: [DatasetField] {
    [
      DatasetField("entity", .int64),
      DatasetField("event_time", .timestamp(.microsecond, zone: nil)),
    ]
      + (lateness == nil ? [] : Lateness.fields)
      + features.map { DatasetField($0.name, $0.kind.type) }
  }

  func generate<E: Error>(
    batchRows: Int, _ sink: ([Column]) throws(E) -> Void
  ) throws(E) {
    switch order {
    case .entity: try generateByEntity(batchRows: batchRows, sink)
    case .time: try generateByTime(batchRows: batchRows, sink)
    }
  }

  private func generateByEntity<E: Error>(
    batchRows: Int, _ sink: ([Column]) throws(E) -> Void
  ) throws(E) {
    let batch = BatchFill(fields, timeColumn: 1, capacity: batchRows)
    let maker = ValueMaker()
    var times: [Int64] = []
    for entity in 0..<timeline.popularity.entities {
      var states = [Int64](repeating: ValueMaker.unstarted, count: features.count)
      for slice in 0..<timeline.slices {
        var random = timeline.draw(entity: entity, slice: slice, into: &times)
        for time in times {
          try appendVersions(entity, time, to: batch, maker, &states, at: 0, &random, sink)
        }
      }
    }
    if batch.count > 0 { try sink(batch.take()) }
  }

  private func generateByTime<E: Error>(
    batchRows: Int, _ sink: ([Column]) throws(E) -> Void
  ) throws(E) {
    let batch = BatchFill(fields, timeColumn: 1)
    let maker = ValueMaker()
    let entities = timeline.popularity.entities
    var states = [Int64](repeating: ValueMaker.unstarted, count: features.count * entities)
    var times: [Int64] = []
    for slice in 0..<timeline.slices {
      for entity in 0..<entities {
        var random = timeline.draw(entity: entity, slice: slice, into: &times)
        for time in times {
          try appendVersions(
            entity, time, to: batch, maker, &states, at: entity * features.count, &random, sink)
        }
      }
      try batch.takeByTime(batchRows: batchRows, sink)
    }
  }

  /// Adds the versions of one event, and hands the batch out when it is full.
  private func appendVersions<E: Error>(
    _ entity: Int, _ time: Int64, to batch: BatchFill, _ maker: ValueMaker,
    _ states: inout [Int64], at base: Int, _ random: inout Random,
    _ sink: ([Column]) throws(E) -> Void
  ) throws(E) {
    guard let lateness else {
      appendRow(entity, time, to: batch, first: 2, maker, &states, at: base, &random)
      if batch.isFull { try sink(batch.take()) }
      return
    }
    for version in lateness.versions(of: time, &random) {
      batch.columns[2].append(version.created)
      batch.columns[3].append(version.isDeleted)
      appendRow(entity, time, to: batch, first: 4, maker, &states, at: base, &random)
      if batch.isFull { try sink(batch.take()) }
    }
  }

  private func appendRow(
    _ entity: Int, _ time: Int64, to batch: BatchFill, first: Int, _ maker: ValueMaker,
    _ states: inout [Int64], at base: Int, _ random: inout Random
  ) {
    batch.columns[0].append(Int64(entity))
    batch.columns[1].append(time)
    for index in features.indices {
      maker.append(
        features[index].kind, nullRate: features[index].nullRate,
        to: batch.columns[first + index], state: &states[base + index], &random)
    }
  }
}

/// Rows that become known some time after their event, of which some are corrected or deleted.
struct Lateness: Sendable {
  var meanLag = 3_600_000_000.0
  var correctionRate = 0.05
  var deletionRate = 0.01

  static let fields = [
    DatasetField("created_time", .timestamp(.microsecond, zone: nil)),
    DatasetField("deleted", .bool),
  ]

  /// When the versions of one event become known; a correction or deletion comes within a week.
  func versions(
    of time: Int64, _ random: inout Random
  ) -> [(created: Int64, isDeleted: Bool)] {
    let created = time + Int64(random.exponential(mean: meanLag))
    let kind = random.uniform()
    guard kind < correctionRate + deletionRate else { return [(created, false)] }
    let later = created + 1 + Int64(random.below(7 * Int(Timeline.day)))
    return [(created, false), (later, kind < deletionRate)]
  }
}

import HindcastCore

/// The labels of a benchmark workload: entities at uniform times, some exactly at an event, some of
/// entities without features.
struct LabelTable: TableSource {
  var seed: UInt64
  var rows: Int
  var popularity: Popularity
  /// The features whose event times some labels hit.
  var timeline: Timeline
  /// The share of labels at exactly an event time.
  var exactRate: Double
  /// The share of labels whose entity has no features.
  var absentRate: Double
  var order: Dataset.RowOrder

  static let fields = [
    DatasetField("entity", .int64),
    DatasetField("label_time", .timestamp(.microsecond, zone: nil)),
    DatasetField("label", .int64),
  ]
  private static let absentEntities = 1_000

  func generate<E: Error>(
    batchRows: Int, _ sink: ([Column]) throws(E) -> Void
  ) throws(E) {
    let byTime = order == .time
    let batch = BatchFill(Self.fields, timeColumn: 1, capacity: byTime ? .max : batchRows)
    var times: [Int64] = []
    let entities = timeline.popularity.entities + (absentRate > 0 ? Self.absentEntities : 0)
    // One loop over the cells, in the order asked for.
    for outer in 0..<(byTime ? timeline.slices : entities) {
      for inner in 0..<(byTime ? entities : timeline.slices) {
        let (entity, slice) = byTime ? (inner, outer) : (outer, inner)
        var random = draw(entity, slice, into: &times)
        for time in times {
          batch.columns[0].append(Int64(entity))
          batch.columns[1].append(time)
          batch.columns[2].append(Int64(random.chance(0.1) ? 1 : 0))
          if batch.isFull { try sink(batch.take()) }
        }
      }
      if byTime { try batch.takeByTime(batchRows: batchRows, sink) }
    }
    if batch.count > 0 { try sink(batch.take()) }
  }

  /// Puts the label times of a cell, in order, into `times`, and returns the cell's stream.
  private func draw(_ entity: Int, _ slice: Int, into times: inout [Int64]) -> Random {
    var random = Random(seed, entity, slice)
    var exact: [Int64] = []
    let known = timeline.popularity.entities
    if exactRate > 0, entity < known {
      let rate = exactRate * Double(rows) / Double(max(1, timeline.rows))
      _ = timeline.draw(entity: entity, slice: slice, into: &times)
      exact = times.filter { _ in random.chance(rate) }
    }
    let share =
      entity < known
      ? (1 - exactRate - absentRate) * popularity.share(entity)
      : absentRate / Double(Self.absentEntities)
    let mean = Double(rows) * share / Double(timeline.slices)
    let start = timeline.sliceStart(slice)
    times.removeAll(keepingCapacity: true)
    if mean > 0 {
      for _ in 0..<random.poisson(mean: mean) {
        times.append(start + Int64(random.below(Int(timeline.sliceLength))))
      }
    }
    times += exact
    times.sort()
    return random
  }
}

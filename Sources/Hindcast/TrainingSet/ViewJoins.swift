import HindcastCore
import HindcastFormat
import HindcastJoin

/// Views whose labels are resolved chunk by chunk, and whose features are gathered after that.
///
/// Views of different groups are resolved side by side, and all their features gathered at a time;
/// what is read of one group twice over could not be told apart, so these go one after the other.
extension [ViewJoin] {
  /// The output columns of a chunk of labels for all views, in order.
  mutating func answer(
    _ chunk: LabelChunk, of source: LabelSource
  ) throws(HindcastError) -> [Column] {
    let gathered = try resolve(chunk, of: source).gather()
    add(gather: gathered.steps)
    return gathered.columns
  }

  /// Finds the rows that answer a chunk of labels.
  ///
  /// Views whose keys are the same share them and their order.
  mutating func resolve(
    _ chunk: LabelChunk, of source: LabelSource
  ) throws(HindcastError) -> [ResolvedView] {
    let labels = try labels(of: chunk, source)
    let views = self
    let resolve = { @Sendable (index: Int) throws(HindcastError) in
      var view = views[index]
      let resolution = try view.resolve(labels[index])
      return ResolvedView(view, resolution)
    }
    var resolved: [ResolvedView] = []
    if count > 1, Set(map(\.bound.group.name)).count == count {
      resolved = try Parallel.map(count, resolve)
    } else {
      for index in indices { resolved.append(try resolve(index)) }
    }
    self = resolved.map(\.view)
    return resolved
  }

  private func labels(
    of chunk: LabelChunk, _ source: LabelSource
  ) throws(HindcastError) -> [LabelVector] {
    var known: [LabelSource.Keys: LabelVector] = [:]
    var labels: [LabelVector] = []
    for view in self {
      if let found = known[view.labelSource] {
        labels.append(found)
        continue
      }
      let keys = try source.keys(view.bound.labelKeys, of: chunk)
      let made = try view.labels(keys: keys, time: chunk.time)
      known[view.labelSource] = made
      labels.append(made)
    }
    return labels
  }

  /// Adds what gathering cost to each view's plan.
  mutating func add(gather steps: [BuildPlan.Step]) {
    for (index, step) in zip(indices, steps) { self[index].add(gather: step) }
  }
}

/// A view after a chunk was resolved.
struct ResolvedView: Sendable {
  let view: ViewJoin
  let resolution: Resolution
  let request: GatherRequest

  init(_ view: ViewJoin, _ resolution: Resolution) {
    self.view = view
    self.resolution = resolution
    request = view.gatherRequest(resolution)
  }

  /// Columns of features for some labels, or all, and of event times where they are asked for.
  func withEventTimes(_ columns: [Column], _ labels: Range<Int>?) -> [Column] {
    guard let times = view.eventTimes(resolution) else { return columns }
    return columns + [labels.map(times.slice) ?? times]
  }
}

extension [ResolvedView] {
  /// Ranges of the chunk's labels whose outputs have room in memory, as a sample of them shows.
  func parts(_ labelCount: Int, memoryBytes: Int) throws(HindcastError) -> [Range<Int>] {
    var variableBytes = 0
    for view in self { variableBytes += try view.request.sampledVariableBytes() }
    let types = flatMap { $0.view.outputs.map(\.type) }
    let rows = ChunkSize.rows(
      outputBytes: ChunkSize.outputBytes(types, variableBytes: variableBytes),
      memoryBytes: memoryBytes)
    // What was just too much for one part is not worth two.
    guard labelCount > rows + rows / 2 else { return [0..<labelCount] }
    return stride(from: 0, to: labelCount, by: rows).map { $0..<Swift.min($0 + rows, labelCount) }
  }

  /// The output columns of all views for some labels, or all, in order, and what gathering them
  /// cost each.
  ///
  /// On all cores.
  func gather(
    _ labels: Range<Int>? = nil
  ) throws(HindcastError) -> (columns: [Column], steps: [BuildPlan.Step]) {
    var columns: [Column] = []
    var steps: [BuildPlan.Step] = []
    let isOfOneGroup = Set(map(\.view.bound.group.name)).count < count
    for views in isOfOneGroup ? map({ [$0] }) : [self] {
      let gathered = try views.gatherTogether(labels)
      columns += gathered.columns
      steps += gathered.steps
    }
    return (columns, steps)
  }

  private func gatherTogether(
    _ labels: Range<Int>?
  ) throws(HindcastError) -> (columns: [Column], steps: [BuildPlan.Step]) {
    var before: [ReadCounts] = []
    for view in self { before.append(try view.view.featureReadCounts()) }
    let start = ContinuousClock.now
    let requests = map { view in labels.map(view.request.restricted) ?? view.request }
    let gathered = try requests.gather()
    let elapsed = (ContinuousClock.now - start) / .seconds(1)
    let total = gathered.reduce(0) { $0 + $1.seconds }
    var columns: [Column] = []
    var steps: [BuildPlan.Step] = []
    for (index, features) in gathered.enumerated() {
      columns += self[index].withEventTimes(features.columns, labels)
      // What went on side by side took each view its part of the time.
      steps.append(
        BuildPlan.Step(
          seconds: total > 0 ? elapsed * features.seconds / total : 0,
          reads: try self[index].view.featureReadCounts() - before[index]))
    }
    return (columns, steps)
  }
}

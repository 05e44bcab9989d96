import HindcastCore
import HindcastFormat
import HindcastJoin

extension [ViewJoin] {
  /// The output columns of a chunk of labels for all views, in order.
  ///
  /// Views whose keys are the same share them and their order. Views of different groups are
  /// resolved side by side, and then all their features gathered; what is read of one group twice
  /// over could not be told apart, so these go one after the other.
  mutating func answer(
    _ chunk: LabelChunk, of source: LabelSource
  ) throws(HindcastError) -> [Column] {
    let labels = try labels(of: chunk, source)
    guard count > 1, Set(map(\.bound.group.name)).count == count else {
      var columns: [Column] = []
      for index in indices { columns += try self[index].answer(labels[index]) }
      return columns
    }
    let views = self
    let resolved = try Parallel.map(count) { index throws(HindcastError) in
      var view = views[index]
      let resolution = try view.resolve(labels[index])
      return ResolvedView(view, resolution)
    }
    self = resolved.map(\.view)
    return try gather(resolved)
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

  /// The features of all views, on all cores, the most work first.
  private mutating func gather(_ resolved: [ResolvedView]) throws(HindcastError) -> [Column] {
    var work: [(view: Int, feature: Int, bytes: Int)] = []
    var before: [ReadCounts] = []
    for (index, view) in enumerated() {
      before.append(try view.readCounts())
      for (place, feature) in view.bound.features.enumerated() {
        work.append((index, place, try view.storedBytesPerValue(feature)))
      }
    }
    work.sort { ($1.bytes, $0.view, $0.feature) < ($0.bytes, $1.view, $1.feature) }
    let order = work
    let start = ContinuousClock.now
    let gathered = try Parallel.map(order.count) { place throws(HindcastError) in
      let part = resolved[order[place].view]
      return try part.view.gather(part.view.bound.features[order[place].feature], part.matched)
    }
    let elapsed = (ContinuousClock.now - start) / .seconds(1)
    var columns = map { [Column?](repeating: nil, count: $0.bound.features.count) }
    var seconds = [Double](repeating: 0, count: count)
    for (part, result) in zip(order, gathered) {
      columns[part.view][part.feature] = result.column
      seconds[part.view] += result.seconds
    }
    let total = seconds.reduce(0, +)
    var outputs: [Column] = []
    for index in indices {
      // What went on side by side took each view its part of the time.
      self[index].noteGather(
        seconds: total > 0 ? elapsed * seconds[index] / total : 0,
        reads: try self[index].readCounts() - before[index])
      outputs += self[index].withEventTimes(
        columns[index].compactMap { $0 }, resolved[index].resolution)
    }
    return outputs
  }
}

/// A view after a chunk was resolved.
private struct ResolvedView: Sendable {
  let view: ViewJoin
  let resolution: Resolution
  let matched: MatchedRows

  init(_ view: ViewJoin, _ resolution: Resolution) {
    self.view = view
    self.resolution = resolution
    matched = view.matchedRows(resolution)
  }
}

package import HindcastCore

/// Features of the rows that answer one view's labels.
package struct GatherRequest: Sendable {
  let join: AsOfJoin
  let features: [Field]
  let matched: MatchedRows

  package init(_ join: AsOfJoin, _ features: [Field], _ matched: MatchedRows) {
    self.join = join
    self.features = features
    self.matched = matched
  }

  /// The same for some labels only, numbered from the first of them.
  ///
  /// O(labels).
  package func restricted(to labels: Range<Int>) -> GatherRequest {
    if labels == 0..<matched.labelCount { return self }
    let first = Int32(labels.lowerBound)
    let rows = matched.restricted(to: labels.count) { label in
      labels.contains(Int(label)) ? label - first : nil
    }
    return GatherRequest(join, features, rows)
  }

  /// What the features of variable width take for a label, by a sample of the labels.
  ///
  /// O(labels + sample x features).
  /// - Throws: ``HindcastError`` if a segment can't be read.
  package func sampledVariableBytes() throws(HindcastError) -> Int {
    let variable = features.filter { $0.type.layout == .bytes || $0.type.layout == .list }
    guard !variable.isEmpty, matched.labelCount > 0 else { return 0 }
    let step = Int32(max(1, matched.labelCount / Self.sampleCount))
    let count = (matched.labelCount - 1) / Int(step) + 1
    let sample = matched.restricted(to: count) { $0 % step == 0 ? $0 / step : nil }
    let columns = try Parallel.map(variable.count) { index throws(HindcastError) in
      try join.gather(variable[index], sample)
    }
    return columns.reduce(0) { $0 + $1.byteCount } / count
  }

  private static let sampleCount = 128
}

/// A request's answer.
package struct GatheredFeatures: Sendable {
  /// A column for each feature, in label order.
  package var columns: [Column]
  /// The time that it took, all threads together.
  package var seconds: Double
}

/// Gathering for several views at a time.
///
/// ```
/// rows -> pieces that share no page -> (piece, feature) on all cores -> columns in row order
///                                                  feature on all cores -> columns in label order
/// ```
/// Where there are more features than cores could do at a time there is one piece, whose values go
/// to their labels at once.
extension [GatherRequest] {
  /// Pieces of work for each thread, so that none is left with much at the end: where values are
  /// decoded with their pages, beside which their way through a piece would be seen, and where
  /// pages are read for a few of their values.
  private static let workPerThread = (dense: 2, sparse: 8)
  /// As many rows are worth a piece.
  private static let leastRows = 512

  /// A feature's values of a piece of rows.
  private struct Work: Sendable {
    let request: Int
    let feature: Int
    let piece: Int
    let byteCount: Int
  }

  /// The features of each request.
  /// - Throws: ``HindcastError`` if a segment can't be read.
  package func gather() throws(HindcastError) -> [GatheredFeatures] {
    let pieces = pieces()
    var work: [Work] = []
    for (index, request) in enumerated() {
      for (place, feature) in request.features.enumerated() {
        let size = try request.join.storedBytesPerValue(feature)
        for (number, piece) in pieces[index].enumerated() {
          work.append(
            Work(
              request: index, feature: place, piece: number, byteCount: size * piece.labelCount))
        }
      }
    }
    // The most first.
    work.sort {
      ($1.byteCount, $0.request, $0.feature, $0.piece)
        < ($0.byteCount, $1.request, $1.feature, $1.piece)
    }
    let order = work
    let done = try Parallel.map(order.count) { place throws(HindcastError) in
      let (work, start) = (order[place], ContinuousClock.now)
      let request = self[work.request]
      let column = try request.join.gather(
        request.features[work.feature], pieces[work.request][work.piece])
      return (column: column, seconds: (ContinuousClock.now - start) / .seconds(1))
    }
    var parts = indices.map { request in
      self[request].features.map { _ in [Column?](repeating: nil, count: pieces[request].count) }
    }
    var seconds = [Double](repeating: 0, count: count)
    for (work, result) in zip(order, done) {
      parts[work.request][work.feature][work.piece] = result.column
      seconds[work.request] += result.seconds
    }
    return try inLabelOrder(parts, pieces.map(\.count), seconds)
  }

  private func pieces() -> [[MatchedRows]] {
    let features = reduce(0) { $0 + $1.features.count }
    return map { request in
      let work = request.matched.isSparse ? Self.workPerThread.sparse : Self.workPerThread.dense
      let wanted = work * Parallel.threadCount / Swift.max(features, 1)
      let count = Swift.min(wanted, request.matched.count / Self.leastRows)
      return count > 1 && Parallel.threadCount > 1
        ? request.matched.pieces(count) : [request.matched]
    }
  }

  private func inLabelOrder(
    _ parts: [[[Column?]]], _ pieceCounts: [Int], _ seconds: [Double]
  ) throws(HindcastError) -> [GatheredFeatures] {
    var results: [GatheredFeatures] = []
    for (index, request) in enumerated() {
      let parts = parts[index].map { $0.compactMap { $0 } }
      guard pieceCounts[index] > 1 else {
        results.append(GatheredFeatures(columns: parts.flatMap { $0 }, seconds: seconds[index]))
        continue
      }
      let start = ContinuousClock.now
      let places = request.matched.places()
      let columns = try Parallel.map(parts.count) { feature throws(HindcastError) in
        let null = try Column(type: request.features[feature].type, values: [.null])
        do throws(HindcastError) {
          return try Column.concatenate(parts[feature] + [null]).gather(places.span)
        } catch {
          throw error.code == .limitExceeded ? Gather.tooMuch(places.count) : error
        }
      }
      let last = (ContinuousClock.now - start) / .seconds(1)
      results.append(GatheredFeatures(columns: columns, seconds: seconds[index] + last))
    }
    return results
  }
}

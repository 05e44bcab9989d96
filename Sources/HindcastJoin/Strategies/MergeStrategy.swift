import HindcastCore
import HindcastFormat

/// One pass over the labels' keys and a segment's runs, both sorted; inside a run a search in times.
///
/// For dense labels: every page is decoded at most once a chunk.
enum MergeStrategy {
  /// Offers each label the last qualifying row of one segment; better ones replace what
  /// `resolution` holds.
  ///
  /// Segments must come in commit order.
  static func resolve(
    _ input: ResolveInput, _ segment: SegmentReader, index segmentIndex: Int,
    into resolution: inout Resolution
  ) throws(HindcastError) {
    let keys = input.labels.keys.keys
    let order = input.order.rows
    var runs = try RunCursor(segment)
    var times = TimeCursor(segment)
    var group = 0
    while group < order.count {
      let end = groupEnd(order, keys, from: group)
      if let run = try runs.rows(of: keys, Int(order[group])) {
        var search = RunSearch(run: run, segmentIndex: Int32(segmentIndex))
        for entry in group..<end {
          try search.offer(entry, input, &times, &resolution)
        }
      }
      group = end
    }
  }

  private static func groupEnd(_ order: [Int32], _ keys: KeyVector, from start: Int) -> Int {
    var end = start + 1
    while end < order.count, keys.compare(Int(order[end]), keys, Int(order[start])) == 0 {
      end += 1
    }
    return end
  }
}

/// The labels of one record against its run in one segment, bounds ascending.
private struct RunSearch {
  let run: Range<Int>
  let segmentIndex: Int32
  /// The last row found; the next bound's row is here or after it.
  private var from: Int

  init(run: Range<Int>, segmentIndex: Int32) {
    self.run = run
    self.segmentIndex = segmentIndex
    from = run.lowerBound
  }

  mutating func offer(
    _ entry: Int, _ input: ResolveInput, _ times: inout TimeCursor, _ resolution: inout Resolution
  ) throws(HindcastError) {
    let label = Int(input.order.rows[entry])
    let bound = input.bounds.events.span(of: Int64.self)[label]
    guard let last = try times.lastRow(in: from..<run.upperBound, atOrBefore: bound) else { return }
    from = last
    var winner = last
    if input.rule.checksCreatedTime {
      let known = input.bounds.known.span(of: Int64.self)[label]
      guard let row = try times.lastKnownRow(in: run.lowerBound..<last + 1, by: known) else {
        return
      }
      winner = row
    }
    let event = try times.eventTime(winner)
    let created = resolution.createdTimes.isEmpty ? nil : try times.createdTime(winner)
    guard isBetter(event, created, than: entry, resolution) else { return }
    resolution.segments[entry] = segmentIndex
    resolution.rows[entry] = winner
    resolution.eventTimes[entry] = event
    if !resolution.createdTimes.isEmpty { resolution.createdTimes[entry] = created }
  }

  /// Order O1 across segments; this segment's commits are later than those of the entry's winner.
  private func isBetter(
    _ event: Int64, _ created: Int64?, than entry: Int, _ resolution: Resolution
  ) -> Bool {
    guard resolution.segments[entry] >= 0 else { return true }
    if event != resolution.eventTimes[entry] { return event > resolution.eventTimes[entry] }
    guard !resolution.createdTimes.isEmpty, let best = resolution.createdTimes[entry] else {
      return true
    }
    return created.map { $0 >= best } ?? false
  }
}

import HindcastCore
import HindcastFormat

/// The work of resolving a chunk's labels in all segments, on all cores.
///
/// Threads take ranges of the labels through all segments, from the latest to the earliest, so that
/// what one answers needs no search in the next. Of a strategy that goes through a segment's pages
/// they take ranges of those, with all labels.
struct SegmentWork: Sendable {
  private let input: ResolveInput
  private let eventBounds: Buffer
  private let areSeveral: Bool

  /// A segment, its strategy, and the labels of records between its first and its last.
  private typealias Segment = (
    history: SegmentHistory, strategy: any ResolveStrategy.Type, entries: Range<Int>
  )

  /// The best version for each label, of all segments by the strategies of `plan`.
  ///
  /// Memory: beside the result about as much once more.
  /// - Throws: ``HindcastError`` if a segment can't be read.
  static func winners(
    _ input: ResolveInput, _ plan: ResolvePlan, _ histories: [SegmentHistory]
  ) throws(HindcastError) -> Winners {
    let work = SegmentWork(
      input: input, eventBounds: input.eventBounds(), areSeveral: histories.count > 1)
    var winners = Winners(
      entries: 0..<input.order.rows.count, hasCreatedTime: input.hasCreatedTime)
    let latestFirst = histories.indices.sorted {
      histories[$0].eventTimes.upperBound > histories[$1].eventTimes.upperBound
    }
    var segments: [Segment] = []
    for place in latestFirst {
      guard let strategy = plan.segments[place].strategy.implementation else { continue }
      let history = histories[place]
      let segment = (history, strategy, try input.entries(in: history.segment))
      if let pieces = strategy.pagePieces(history.segment) {
        try work.goThroughLabels(segments, &winners)
        segments = []
        try work.goThroughPages(segment, pieces, &winners)
      } else {
        segments.append(segment)
      }
    }
    try work.goThroughLabels(segments, &winners)
    return winners
  }

  private func goThroughLabels(
    _ segments: [Segment], _ winners: inout Winners
  ) throws(HindcastError) {
    for part in try parts(segments, of: winners) { winners.replace(with: part) }
  }

  /// The winners of each range of labels, when those before were `winners`.
  private func parts(
    _ segments: [Segment], of winners: Winners
  ) throws(HindcastError) -> [Winners] {
    let pieces = try pieces(segments)
    return try Parallel.map(pieces.count) { index throws(HindcastError) in
      var part = Winners(winners, pieces[index])
      var open =
        areSeveral ? OpenLabels(input.records(in: pieces[index]), bounds: eventBounds) : nil
      for (place, segment) in segments.enumerated() {
        let piece = pieces[index].clamped(to: segment.entries)
        if piece.isEmpty { continue }
        let next = place + 1 < segments.count ? segments[place + 1].history : nil
        part.offer(try candidates(segment, piece, after: part, &open, before: next))
      }
      return part
    }
  }

  private func goThroughPages(
    _ segment: Segment, _ pieces: [Range<Int>], _ winners: inout Winners
  ) throws(HindcastError) {
    let before = winners
    let parts = try Parallel.map(pieces.count) { index throws(HindcastError) in
      var open: OpenLabels?
      return try candidates(segment, pieces[index], after: before, &open, before: nil)
    }
    for part in parts { winners.offer(part) }
  }

  /// What a segment has for one piece, a range of pages or of entries.
  /// - Parameters:
  ///   - open: the labels of a range of entries; nil for a range of pages.
  ///   - next: the segment that follows, which is no later.
  private func candidates(
    _ segment: Segment, _ piece: Range<Int>, after winners: Winners, _ open: inout OpenLabels?,
    before next: SegmentHistory?
  ) throws(HindcastError) -> Candidates {
    var search = RunSearch(
      input, segment.history, isPositional: segment.strategy.readsTimesByPlace,
      eventBounds: eventBounds, after: areSeveral ? winners : nil,
      nextLatest: next?.eventTimes.upperBound ?? .max)
    // Moved there and back: what is open is not to be copied.
    swap(&open, &search.open)
    try segment.strategy.resolve(piece, input, segment.history, &search)
    swap(&open, &search.open)
    return search.candidates
  }

  /// Ranges of the labels of `segments`: few where there are several, for the pages at the ends of
  /// each are read twice in every segment.
  private func pieces(_ segments: [Segment]) throws(HindcastError) -> [Range<Int>] {
    var entries: Range<Int>?
    var largest: SegmentReader?
    for segment in segments where !segment.entries.isEmpty {
      let (first, end) = (segment.entries.lowerBound, segment.entries.upperBound)
      entries = min(entries?.lowerBound ?? first, first)..<max(entries?.upperBound ?? end, end)
      if segment.history.segment.rowCount > largest?.rowCount ?? -1 {
        largest = segment.history.segment
      }
    }
    guard let entries, let largest else { return [] }
    let count = segments.count == 1 ? Self.pieceCount : max(16, 8 * Parallel.threadCount)
    return try input.pieces(of: entries, at: largest, count: count)
  }

  private static let pieceCount = 64
}

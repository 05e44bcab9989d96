import Foundation
import HindcastFormat

/// How the segments of a group are resolved: what the planner chose, and why.
public struct ResolvePlan: Hashable, Sendable {
  /// What is known of the labels of a chunk before history is looked at.
  public struct Labels: Hashable, Sendable {
    /// Labels that can have an answer.
    public var labelCount: Int
    /// The records that they name; estimated where they are not sorted yet.
    public var recordCount: Int

    /// Creates the counts.
    public init(labelCount: Int, recordCount: Int) {
      self.labelCount = labelCount
      self.recordCount = recordCount
    }
  }

  /// What is known of a segment before it is read.
  public struct History: Hashable, Sendable {
    /// Rows: versions of records.
    public var rowCount: Int
    /// Runs: records.
    public var recordCount: Int
    /// Pages of records.
    public var recordPageCount: Int
    /// Pages of event times.
    public var timePageCount: Int
    /// The bytes of all pages of event times.
    public var timeByteCount: Int

    /// Creates the counts.
    public init(
      rowCount: Int, recordCount: Int, recordPageCount: Int, timePageCount: Int,
      timeByteCount: Int
    ) {
      self.rowCount = rowCount
      self.recordCount = recordCount
      self.recordPageCount = recordPageCount
      self.timePageCount = timePageCount
      self.timeByteCount = timeByteCount
    }
  }

  /// One segment's part.
  public struct Segment: Hashable, Sendable {
    /// How its rows are found.
    public var strategy: Strategy
    /// What it holds.
    public var history: History
    /// What each strategy would cost, in nanoseconds of one core; empty where one was asked for.
    public var estimates: [Estimate]
  }

  /// What a strategy would cost on a segment, it is thought.
  public struct Estimate: Hashable, Sendable {
    /// The strategy.
    public var strategy: Strategy
    /// Pages of records and of event times that it reads.
    public var pageCount: Int
    /// Time of one core.
    public var nanoseconds: Double
  }

  /// The labels of the chunk.
  public var labels: Labels
  /// The segments in the order of their commits.
  public var segments: [Segment]

  /// How many segments each strategy resolves.
  public var strategies: [Strategy: Int] {
    segments.reduce(into: [:]) { $0[$1.strategy, default: 0] += 1 }
  }
}

extension ResolvePlan.History {
  /// The counts of a segment, of which nothing is read.
  init(_ segment: SegmentReader) {
    self.init(
      rowCount: segment.rowCount, recordCount: segment.runCount,
      recordPageCount: segment.runPageCount, timePageCount: segment.eventTimes.pageCount,
      timeByteCount: segment.eventTimes.storedByteCount)
  }
}

extension ResolvePlan {
  /// The plan that resolves all segments by `strategy`.
  init(labels: Labels, strategy: Strategy, segments: [SegmentReader]) {
    self.init(
      labels: labels,
      segments: segments.map {
        Segment(strategy: strategy, history: History($0), estimates: [])
      })
  }
}

extension LabelVector {
  /// How many labels there are, and how many records they name, about.
  ///
  /// By linear counting (K.-Y. Whang and others, 1990): O(labels), once.
  var estimatedCounts: ResolvePlan.Labels { facts.estimatedCounts { countByHash() } }

  private func countByHash() -> ResolvePlan.Labels {
    let rows = (0..<count).lazy.filter { !isUnusable($0) && !isAbsent($0) }
    var bitCount = 1 << 10
    while bitCount < 2 * count, bitCount < 1 << 22 { bitCount *= 2 }
    var bits = [UInt64](repeating: 0, count: bitCount / 64)
    var labelCount = 0
    for row in rows {
      let place = hash(keys.keys, row) & (bitCount - 1)
      bits[place >> 6] |= 1 << UInt64(place & 63)
      labelCount += 1
    }
    let empty = max(1, bitCount - bits.reduce(0) { $0 + $1.nonzeroBitCount })
    let estimate = Double(bitCount) * log(Double(bitCount) / Double(empty))
    return ResolvePlan.Labels(
      labelCount: labelCount, recordCount: min(labelCount, Int(estimate.rounded())))
  }
}

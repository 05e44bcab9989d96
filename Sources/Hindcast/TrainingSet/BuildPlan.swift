public import HindcastFormat
public import HindcastJoin

/// How a build was done: for each view the strategy, what it met and what it cost.
public struct BuildPlan: Hashable, Sendable {
  /// The views, in output order.
  public var views: [View]

  /// One view's part.
  public struct View: Hashable, Sendable {
    /// The view's alias.
    public var alias: String
    /// The group's name.
    public var group: String
    /// The group's segments at the snapshot.
    public var segmentCount: Int
    /// Rows in them.
    public var rowCount: Int
    /// Records in them; one that is in several segments counts in each.
    public var recordCount: Int
    /// Chunks of labels.
    public var chunkCount = 0
    /// Labels that were resolved.
    public var labelCount = 0
    /// Records that labels named; one that is in several chunks counts in each.
    public var labelRecordCount = 0
    /// What each strategy did, and what it was thought to cost.
    public var strategies: [Strategy: Work] = [:]
    /// What resolving cost: finding the row that answers each label.
    public var resolve = Step()
    /// What gathering cost: fetching the features of those rows.
    public var gather = Step()
  }

  /// The work of one strategy, over all chunks and segments.
  public struct Work: Hashable, Sendable {
    /// Segments that it resolved; one that answers several chunks counts in each.
    public var segmentCount = 0
    /// The pages that the planner expected it to read; 0 where it was asked for by name.
    public var estimatedPageCount = 0
    /// The time of one core that the planner expected; 0 where it was asked for by name.
    public var estimatedSeconds = 0.0
    /// What the planner expected each strategy to take on the same segments.
    public var alternatives: [Strategy: Double] = [:]
  }

  /// What one step of a view cost, over all chunks.
  public struct Step: Hashable, Sendable {
    /// Wall time.
    public var seconds = 0.0
    /// Pages and bytes read, values decoded.
    public var reads = ReadCounts()

    /// Counts another step in.
    mutating func add(_ other: Step) {
      seconds += other.seconds
      reads = reads + other.reads
    }
  }
}

extension BuildPlan.View {
  /// Forgets all work.
  mutating func restart() {
    (chunkCount, labelCount, labelRecordCount, strategies) = (0, 0, 0, [:])
    (resolve, gather) = (BuildPlan.Step(), BuildPlan.Step())
  }

  /// Counts the plan of a chunk in.
  mutating func add(_ plan: ResolvePlan) {
    labelRecordCount += plan.labels.recordCount
    for segment in plan.segments {
      var work = strategies[segment.strategy] ?? BuildPlan.Work()
      work.segmentCount += 1
      for estimate in segment.estimates {
        let seconds = estimate.nanoseconds / 1e9
        work.alternatives[estimate.strategy, default: 0] += seconds
        guard estimate.strategy == segment.strategy else { continue }
        work.estimatedPageCount += estimate.pageCount
        work.estimatedSeconds += seconds
      }
      strategies[segment.strategy] = work
    }
  }
}

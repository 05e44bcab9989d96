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
    /// The strategy that found the rows.
    public var strategy: Strategy
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
    /// What resolving cost: finding the row that answers each label.
    public var resolve = Step()
    /// What gathering cost: fetching the features of those rows.
    public var gather = Step()
  }

  /// What one step of a view cost, over all chunks.
  public struct Step: Hashable, Sendable {
    /// Wall time.
    public var seconds = 0.0
    /// Pages and bytes read, values decoded.
    public var reads = ReadCounts()
  }
}

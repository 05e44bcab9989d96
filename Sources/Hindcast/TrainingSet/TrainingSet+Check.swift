public import HindcastCore
public import HindcastJoin

/// What a look at the first labels says about a build before it is made.
public struct CheckReport: Hashable, Sendable {
  /// The number of labels that were looked at.
  public var sampledLabels: Int
  /// What was found for each view.
  public var views: [View]
  /// What a person should look at.
  public var warnings: [String]

  /// One view's findings.
  public struct View: Hashable, Sendable {
    /// The view's alias.
    public var alias: String
    /// Labels whose record has any version at all, whenever.
    public var labelsWithRecord: Int
    /// What became of the labels.
    public var counts: OutcomeCounts
    /// Output column -> how many of the labels get null.
    public var nulls: [(column: String, count: Int)] {
      zip(columns, nullCounts).map { (column: $0, count: $1) }
    }
    /// The output columns.
    public var columns: [String]
    /// How many of the labels get null in each.
    public var nullCounts: [Int]
  }
}

extension TrainingSet {
  /// The number of labels that ``check()`` looks at.
  public static let checkedLabels = 10_000

  /// Answers the first labels and writes nothing: whether types and keys fit, and anything is
  /// found.
  /// - Throws: ``HindcastError`` if a file can't be read or a value can't be used.
  public consuming func check() throws(HindcastError) -> CheckReport {
    var report = CheckReport(sampledLabels: 0, views: [], warnings: [])
    let chunk = try source.next(rows: Self.checkedLabels, memoryBytes: options.memoryBytes)
    for index in views.indices {
      var columns: [Column] = []
      var known = 0
      if let chunk {
        let keys = try source.keys(views[index].bound.labelKeys, of: chunk)
        var view = [views[index]]
        columns = try view.answer(chunk, of: source)
        views[index] = view[0]
        known = try views[index].countRecords(keys)
      }
      let outputs = views[index].outputs.map(\.name)
      report.views.append(
        CheckReport.View(
          alias: views[index].bound.view.alias, labelsWithRecord: known,
          counts: views[index].counts, columns: outputs,
          nullCounts: columns.isEmpty ? outputs.map { _ in 0 } : columns.map(\.nullCount)))
    }
    report.sampledLabels = source.rowCount
    report.warnings = views.flatMap(Warnings.after)
    return report
  }
}

import HindcastCore

/// One feature group of a workload, before its order is chosen.
struct WorkloadTable {
  var name: String
  var description: String
  var timeline: Timeline
  var features: [FeatureSpec]
  var lateness: Lateness?

  init(
    _ name: String, _ description: String, seed: UInt64, rows: Int, _ popularity: Popularity,
    _ pattern: Timeline.Pattern, slices: Int, _ features: [FeatureSpec]
  ) {
    self.name = name
    self.description = description
    timeline = Timeline(
      seed: seed, rows: rows, popularity: popularity, pattern: pattern, slices: slices)
    self.features = features
  }

  func table(_ order: Dataset.RowOrder) -> DatasetTable {
    let source = FeatureTable(
      timeline: timeline, features: features, order: order, lateness: lateness)
    return DatasetTable(
      name: name, group: name, fields: source.fields, expectedRows: timeline.rows, source: source)
  }

  var group: GroupText {
    GroupText(
      name: name, description: description, recordIdentifiers: [DatasetField("entity", .int64)],
      eventTime: "event_time", createdTime: lateness == nil ? nil : "created_time",
      deleted: lateness == nil ? nil : "deleted", hasNoZone: true,
      features: features.map { DatasetField($0.name, $0.kind.type) })
  }
}

extension Dataset {
  /// A workload of feature tables and the labels over the first one's timeline.
  static func workload(
    _ name: String, _ summary: String, _ tables: [WorkloadTable], _ options: Options, labels: Int,
    popularity: Popularity? = nil, exactRate: Double = 0.01, absentRate: Double = 0.005
  ) -> Dataset {
    let timeline = tables[0].timeline
    let source = LabelTable(
      seed: timeline.seed ^ 0x1ABE1, rows: labels, popularity: popularity ?? timeline.popularity,
      timeline: timeline, exactRate: exactRate, absentRate: absentRate, order: options.order)
    let labelTable = DatasetTable(
      name: "labels", group: nil, fields: LabelTable.fields, expectedRows: labels, source: source)
    return Dataset(
      name: name, summary: summary, tables: tables.map { $0.table(options.order) } + [labelTable],
      groups: tables.map(\.group), labelTime: "label_time")
  }
}

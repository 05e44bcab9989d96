import HindcastCore

/// Where the parts of a version come from: the columns of a file, or one value for all rows.
struct RowPlan {
  /// Where a time comes from.
  enum Time {
    /// A column of the file.
    case column(String)
    /// The same ticks for every row.
    case constant(Int64)
  }

  /// Which rows are tombstones.
  enum Deletion: Equatable {
    /// None.
    case none
    /// All.
    case all
    /// Those that a column of the file marks.
    case column(String)
  }

  let group: FeatureGroup
  var eventTime: Time
  var createdTime: Time?
  var deletion: Deletion
  /// The features that come from the file; the others are null.
  var features: [Field]

  /// Everything from the file, under the group's names.
  init(ingesting group: FeatureGroup) {
    self.group = group
    eventTime = .column(group.eventTime)
    createdTime = group.createdTime.map { .column($0) }
    deletion = group.deletedFlag.map { .column($0) } ?? .none
    features = group.features
  }

  /// Tombstones for the identifiers in the file.
  init(deletingFrom group: FeatureGroup, eventTime: Time, createdTicks: Int64?) {
    self.group = group
    self.eventTime = eventTime
    createdTime = createdTicks.map { .constant($0) }
    deletion = .all
    features = []
  }

  /// What the values of a column of the file become.
  func type(of column: String) -> DataType {
    if let field = (group.recordIdentifiers + features).first(where: { $0.name == column }) {
      return field.type
    }
    if deletion == .column(column) { return .bool }
    return .timestamp(group.timeUnit, zone: group.eventTimeZone)
  }

  /// The columns that the file must have, with what each is for.
  var columns: [(name: String, purpose: String)] {
    var columns = group.recordIdentifiers.map { ($0.name, "the record identifier") }
    if case .column(let name) = eventTime { columns.append((name, "the event time")) }
    if case .column(let name) = createdTime { columns.append((name, "the created time")) }
    if case .column(let name) = deletion { columns.append((name, "the deleted flag")) }
    return columns + features.map { ($0.name, "a feature") }
  }
}

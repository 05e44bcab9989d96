import HindcastCore

/// A golden file as a test says it: a schema and rows in segment order, in plain arrays.
struct GoldenCase: Sendable {
  /// One version of a record.
  struct Row: Sendable {
    var id: [Value]
    var eventTime: Int64
    var createdTime: Int64?
    var isTombstone = false
    var features: [Value]
  }

  var name: String
  var group: FeatureGroup
  var rows: [Row]
  var profile = "balanced"

  /// A case whose columns are given by name and type.
  ///
  /// Fields get the ids from 1 up, in this order.
  init(
    _ name: String, ids: [(String, DataType)], features: [(String, DataType)],
    timeUnit: TimeUnit = .microsecond, hasCreatedTime: Bool = false, hasTombstones: Bool = false,
    profile: String = "balanced", rows: [Row]
  ) {
    self.name = name
    let identifiers = ids.enumerated().map { index, column in
      Field(id: UInt32(index + 1), name: column.0, type: column.1)
    }
    let fields = features.enumerated().map { index, column in
      Field(id: UInt32(ids.count + index + 1), name: column.0, type: column.1)
    }
    group = FeatureGroup(
      name: "golden", recordIdentifiers: identifiers, eventTime: "at", timeUnit: timeUnit,
      createdTime: hasCreatedTime ? "known" : nil, deletedFlag: hasTombstones ? "deleted" : nil,
      features: fields)
    self.profile = profile
    self.rows = rows
  }

  /// A case of records with one version each: record i has the i-th value of every feature, and
  /// event time 1000 + i.
  init(
    _ name: String, profile: String = "balanced", columns: [(String, DataType, [Value])]
  ) {
    let count = columns.first?.2.count ?? 0
    self.init(
      name, ids: [("id", .int64)], features: columns.map { ($0.0, $0.1) }, profile: profile,
      rows: (0..<count).map { row in
        Row(
          id: [.integer(Int128(row))], eventTime: Int64(1000 + row),
          features: columns.map { $0.2[row] })
      })
  }

  /// A case of records with one version each and one small feature, to show how ids become keys.
  init(_ name: String, keys types: [DataType], ids: [[Value]]) {
    self.init(
      name, ids: types.enumerated().map { ("id\($0 + 1)", $1) }, features: [("x", .int32)],
      rows: ids.enumerated().map { row, id in
        Row(id: id, eventTime: Int64(row), features: [.integer(Int128(row * 3))])
      })
  }
}

public import HindcastCore

/// One version of a record, as a program writes it down.
public struct Version: Hashable, Sendable {
  /// The record identifier, a value a component.
  public var identifier: [Value]
  /// The event time, in ticks of the group's unit.
  public var eventTime: Int64
  /// When the version became known, in ticks of the group's unit; nil where nobody knows, or the
  /// group has no created time.
  public var createdTime: Int64?
  /// Whether it deletes the record; its features are ignored then.
  public var isTombstone: Bool
  /// The features, in the group's order; a set's elements ascend.
  public var features: [Value]

  /// Creates a version.
  public init(
    identifier: [Value], eventTime: Int64, createdTime: Int64? = nil, isTombstone: Bool = false,
    features: [Value]
  ) {
    self.identifier = identifier
    self.eventTime = eventTime
    self.createdTime = createdTime
    self.isTombstone = isTombstone
    self.features = features
  }
}

extension VersionBatch {
  /// Versions of records of a group, in order of arrival.
  ///
  /// O(versions x columns); for few at a time.
  /// - Throws: `invalid_value` if a value is not of its column's type, `invalid_argument` if there
  ///   are more or fewer values than columns.
  public init(_ versions: [Version], of group: FeatureGroup) throws(HindcastError) {
    for version in versions {
      guard version.identifier.count == group.recordIdentifiers.count,
        version.features.count == group.features.count
      else {
        throw HindcastError(
          .invalidArgument,
          "a version of '\(group.name)' has \(group.recordIdentifiers.count) identifiers and "
            + "\(group.features.count) features; this one has \(version.identifier.count) and "
            + "\(version.features.count)")
      }
    }
    func column(
      _ field: Field, _ values: [Value]
    ) throws(HindcastError) -> Column {
      if let value = values.first(where: { $0 != .null && !$0.isValue(of: field.type) }) {
        throw HindcastError(
          .invalidValue, "\(value) is no \(field.type)", at: .init(column: field.name))
      }
      return try Column(type: field.type, values: values)
    }
    var identifiers: [Column] = []
    for (index, field) in group.recordIdentifiers.enumerated() {
      let values = versions.map { $0.identifier[index] }
      guard !values.contains(.null) else {
        throw HindcastError(
          .invalidValue, "null can't be a record identifier", at: .init(column: field.name))
      }
      identifiers.append(try column(field, values))
    }
    let types = group.recordIdentifiers.map(\.type)
    let encoder = try KeyEncoder(
      layout: KeyLayout(group), sources: types, names: group.recordIdentifiers.map(\.name))
    let keys = try encoder.encode(identifiers).keys
    var features: [Column] = []
    for (index, field) in group.features.enumerated() {
      features.append(try column(field, versions.map { $0.features[index] }))
    }
    var createdTimes: Column?
    if group.createdTime != nil {
      createdTimes = try Column(
        type: .timestamp(group.timeUnit, zone: nil),
        values: versions.map { $0.createdTime.map { .integer(Int128($0)) } ?? .null })
    }
    var tombstones: Buffer?
    if versions.contains(where: \.isTombstone) {
      let flags = try Column(type: .bool, values: versions.map { .bool($0.isTombstone) })
      if case .bits(let bits) = flags.body { tombstones = bits }
    }
    self.init(
      keys: keys, eventTimes: Buffer(versions.map(\.eventTime)), createdTimes: createdTimes,
      tombstones: tombstones, features: features)
  }
}

extension Stream {
  /// Adds one version and returns when it is durable; as ``append(_:to:batchID:)`` for a batch.
  public func append(
    _ version: Version, to group: String, batchID: String? = nil
  ) async throws(HindcastError) -> StreamReceipt {
    let batch = try VersionBatch([version], of: try self.group(named: group))
    return try await append(batch, to: group, batchID: batchID)
  }
}

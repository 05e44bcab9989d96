public import HindcastCore

/// What a segment says of its columns: enough to read it without its store.
///
/// Descriptions and tags belong to the group, and are not kept.
public struct SegmentSchema: Hashable, Sendable {
  /// The columns that name a record, in key order.
  public var recordIdentifiers: [Field]
  /// The features, in the group's order.
  public var features: [Field]
  /// The unit of event and created times.
  public var timeUnit: TimeUnit
  /// Whether rows have created times.
  public var hasCreatedTime: Bool

  /// The schema of new segments of a group.
  public init(_ group: FeatureGroup) {
    recordIdentifiers = group.recordIdentifiers.map(Self.plain)
    features = group.features.map(Self.plain)
    timeUnit = group.timeUnit
    hasCreatedTime = group.createdTime != nil
  }

  /// How record identifiers become normalised keys.
  public var keyLayout: KeyLayout { KeyLayout(components: recordIdentifiers.map(\.type)) }

  private static func plain(_ field: Field) -> Field {
    Field(id: field.id, name: field.name, type: field.type)
  }
}

extension SegmentSchema {
  init(
    recordIdentifiers: [Field], features: [Field], timeUnit: TimeUnit, hasCreatedTime: Bool
  ) {
    self.recordIdentifiers = recordIdentifiers
    self.features = features
    self.timeUnit = timeUnit
    self.hasCreatedTime = hasCreatedTime
  }

  /// The type of the key columns: words, or byte strings.
  var keyType: DataType { keyLayout.isSingleWord ? .uint64 : .binary }
}

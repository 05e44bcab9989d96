public import HindcastCore

/// A feature group's whole history in memory.
public struct ReferenceGroup: Sendable {
  /// The record identifiers' types, in key order.
  public let identifierTypes: [DataType]
  /// The unit of event and created times.
  public let timeUnit: TimeUnit
  /// Whether rows say when they became known.
  public let hasCreatedTime: Bool
  /// The number of features in every version.
  public let featureCount: Int
  /// All versions, in any order; their arrivals must differ.
  public let versions: [ReferenceVersion]

  private let placesByRecord: [ReferenceKey: [Int]]

  /// Creates a group.
  /// - Throws: ``HindcastError`` if a type can't identify records, a version has a null identifier
  ///   or another number of values than the group (rules D2 and D4).
  public init(
    identifierTypes: [DataType], timeUnit: TimeUnit, hasCreatedTime: Bool, featureCount: Int,
    versions: [ReferenceVersion]
  ) throws(HindcastError) {
    for type in identifierTypes where ReferenceKey.kind(type) == nil {
      throw HindcastError(.typeMismatch, "\(type) can't identify records")
    }
    var placesByRecord: [ReferenceKey: [Int]] = [:]
    for (index, version) in versions.enumerated() {
      guard let key = ReferenceKey(version.record, types: identifierTypes) else {
        throw HindcastError(
          .invalidValue, "version \(index) has a null or mistyped record identifier")
      }
      guard version.features.count == featureCount else {
        throw HindcastError(
          .invalidValue,
          "version \(index) has \(version.features.count) features, not \(featureCount)")
      }
      placesByRecord[key, default: []].append(index)
    }
    self.identifierTypes = identifierTypes
    self.timeUnit = timeUnit
    self.hasCreatedTime = hasCreatedTime
    self.featureCount = featureCount
    self.versions = versions
    self.placesByRecord = placesByRecord
  }

  /// Creates a group from its definition and history.
  /// - Throws: as ``init(identifierTypes:timeUnit:hasCreatedTime:featureCount:versions:)``.
  public init(_ definition: FeatureGroup, versions: [ReferenceVersion]) throws(HindcastError) {
    try self.init(
      identifierTypes: definition.recordIdentifiers.map(\.type), timeUnit: definition.timeUnit,
      hasCreatedTime: definition.createdTime != nil, featureCount: definition.features.count,
      versions: versions)
  }

  /// The indexes of all versions of one record.
  func versions(of key: ReferenceKey) -> [Int] {
    placesByRecord[key] ?? []
  }

  /// An event or created time of this group in nanoseconds.
  func nanoseconds(_ ticks: Int64) -> Int128 {
    Int128(ticks) * nanosecondsPerTick(timeUnit)
  }
}

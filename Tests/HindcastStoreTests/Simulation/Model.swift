import HindcastCore
import HindcastStore
import HindcastTestKit

/// What a store holds, in the plainest form: never changed, since each change makes a new one.
final class Model: Sendable {
  let groups: [String: ModelGroup]
  /// All snapshots from this one on are kept.
  let firstKept: UInt64
  /// Named snapshots.
  let names: [String: UInt64]

  init(
    groups: [String: ModelGroup] = [:], firstKept: UInt64 = 1, names: [String: UInt64] = [:]
  ) {
    self.groups = groups
    self.firstKept = firstKept
    self.names = names
  }

  /// The snapshots that are kept if `latest` is the last commit.
  func kept(latest: UInt64) -> [UInt64] {
    let named = Set(names.values.filter { $0 < firstKept && $0 <= latest }).sorted()
    return named + (firstKept <= latest ? Array(firstKept...latest) : [])
  }

  /// The model after one group changed.
  func with(_ group: ModelGroup) -> Model {
    var groups = groups
    groups[group.definition.name] = group
    return Model(groups: groups, firstKept: firstKept, names: names)
  }

  /// The model after records were erased, at whatever snapshot.
  func without(_ erasure: RecordErasure) -> Model {
    let erased = groups.mapValues { $0.id == erasure.groupID ? $0.without(erasure.record) : $0 }
    return Model(groups: erased, firstKept: firstKept, names: names)
  }

  func without(_ group: String) -> Model {
    Model(groups: groups.filter { $0.key != group }, firstKept: firstKept, names: names)
  }
}

/// A record that is erased from every snapshot of a group.
struct RecordErasure: Sendable {
  let groupID: Int
  let record: [Value]
}

/// A row with the values that it was stored with, by a key that each feature keeps for life.
struct ModelRow: Sendable {
  var row: WorldRow
  var stored: [Int: Value]
}

/// One group of a model.
struct ModelGroup: Sendable {
  /// Tells groups of one name apart.
  let id: Int
  var definition: FeatureGroup
  /// The key of each feature.
  var keys: [Int]
  /// All that was ever taken in, in order of arrival.
  var rows: [ModelRow] = []
  var horizon: Int64?
  var batches: Set<String> = []

  /// A group that is new.
  init(_ definition: FeatureGroup, firstKey: Int) {
    id = firstKey
    self.definition = definition
    keys = definition.features.indices.map { firstKey + $0 }
  }

  /// The group after rows came in, whose features are those of the definition.
  func adding(_ rows: [WorldRow], batchID: String?) -> ModelGroup {
    var group = self
    group.rows += rows.map { row in
      ModelRow(row: row, stored: Dictionary(uniqueKeysWithValues: zip(keys, row.features)))
    }
    if let batchID { group.batches.insert(batchID) }
    return group
  }

  /// The group as if a record had never been in it.
  func without(_ record: [Value]) -> ModelGroup {
    var group = self
    group.rows.removeAll { $0.row.record == record }
    return group
  }

  /// The group with some of its rows alone, which are as they are read now, in order of arrival.
  func keeping(_ rows: [WorldRow]) -> ModelGroup {
    // Rows that are alike now stay so, whatever changes.
    let known = Dictionary(zip(shown, self.rows), uniquingKeysWith: { first, _ in first })
    var group = self
    group.rows = rows.compactMap { known[$0] }
    return group
  }

  /// The rows as they must be read now.
  var shown: [WorldRow] {
    rows.map { row in
      var shown = row.row
      shown.features = zip(keys, definition.features).map { key, field in
        Self.widened(row.stored[key] ?? field.defaultValue ?? .null, to: field.type)
      }
      return shown
    }
  }

  static func widened(_ value: Value, to type: DataType) -> Value {
    guard case .float32(let bits) = value, type == .float64 else { return value }
    return .double(Double(Float(bitPattern: bits)))
  }
}

import HindcastCore
import HindcastStore
import HindcastTestKit

/// Makes up operations that a store in a given state can carry out.
struct OperationSource {
  var random: SplitMix64
  /// Keys are given out once, so that a feature of a used name is another feature.
  private var nextKey = 1
  private var nextName = 1

  /// The snapshot that a reader holds, if one does.
  private let held: UInt64?

  /// - Parameter first: the first number for names and keys, those below which are taken.
  init(seed: UInt64, first: Int = 1, held: UInt64? = nil) {
    random = SplitMix64(seed: seed)
    (nextKey, nextName) = (first, first)
    self.held = held
  }

  /// The next operation; `latest` is the last commit.
  mutating func next(_ model: Model, latest: UInt64) -> Operation {
    if latest == 0 { return .create }
    guard let name = model.groups.keys.sorted().randomElement(using: &random),
      let group = model.groups[name]
    else { return createGroup(model) }
    if let held, random.oneIn(2) { return remove(name, group, held: held, latest: latest) }
    switch random.int(0...37) {
    case 0...5:
      return .ingest(
        load(group),
        IngestShape(
          rowsPerSegment: random.pick([3, 100, 100]), rowsPerPart: random.pick([1, 2, 100, 100]),
          segmentsPerIngest: random.pick([0, 1, 8])))
    case 6:
      // Without locks no reader holds anything.
      return held != nil || random.oneIn(2)
        ? .cancel(load(group)) : .intrude(first: load(group), second: load(group))
    case 7...13: return stream(model)
    case 14...16: return compact(name)
    case 17, 18: return expireRows(name, group)
    case 19: return .tag(random.pick(model.kept(latest: latest)), newName())
    case 20:
      guard let tag = model.names.keys.sorted().randomElement(using: &random) else { fallthrough }
      return .untag(tag)
    case 21...23: return expireSnapshots()
    case 24...27: return evolve(group)
    case 28:
      return model.groups.count > 1 ? .dropGroup(name) : createGroup(model)
    case 29: return model.groups.count < 3 ? createGroup(model) : stream(model)
    case 30...32: return .erase(name, record: erasedRecord(group))
    case 33: return .repair(name, seed: random.next())
    default:
      if held != nil { return stream(model) }
      return .hold(
        random.pick(model.kept(latest: latest)), seed: random.next(), count: random.int(2...5))
    }
  }

  /// Something after which files go that the snapshot a reader holds needs.
  private mutating func remove(
    _ name: String, _ group: ModelGroup, held: UInt64, latest: UInt64
  ) -> Operation {
    switch random.int(0...7) {
    case 0...3:
      // It goes, and what comes soon after it stays.
      let first = min(latest, held + UInt64(random.int(1...9)))
      return .expire(keepLast: Int(latest - first) + 1)
    case 4: return expireSnapshots()
    case 5: return compact(name)
    case 6: return expireRows(name, group)
    default: return .erase(name, record: erasedRecord(group))
    }
  }

  private mutating func expireSnapshots() -> Operation {
    .expire(keepLast: random.pick([1, 2, 4, 8]))
  }

  private mutating func compact(_ name: String) -> Operation {
    .compact(
      name, isFull: random.oneIn(2), memoryBytes: random.pick([1, 1 << 20]),
      rowsPerSegment: random.pick([5, 100, 100]))
  }

  private mutating func expireRows(_ name: String, _ group: ModelGroup) -> Operation {
    let old = group.horizon ?? -1
    return .horizon(name, ticks: old + Int64(random.int(0...3)))
  }

  /// A record that is there, mostly.
  private mutating func erasedRecord(_ group: ModelGroup) -> [Value] {
    if !random.oneIn(8), let row = group.rows.randomElement(using: &random) {
      return row.row.record
    }
    return record(group)
  }

  private mutating func record(_ group: ModelGroup) -> [Value] {
    let isText = group.definition.recordIdentifiers[0].type == .utf8
    return [
      isText
        ? .text(random.pick(["a", "b", "a_long_name"])) : .integer(random.pick([1, 2, -3]))
    ]
  }

  private mutating func newName() -> String {
    nextName += 1
    return "n\(nextName)"
  }

  private mutating func createGroup(_ model: Model) -> Operation {
    let hasCreated = random.oneIn(2)
    let isText = random.oneIn(2)
    let names = ["accounts", "loans", "scores", "clicks"].filter { model.groups[$0] == nil }
    let group = FeatureGroup(
      name: random.pick(names),
      recordIdentifiers: [Field(id: 0, name: "id", type: isText ? .utf8 : .int64)],
      eventTime: "at", timeUnit: .second, createdTime: hasCreated ? "known" : nil,
      deletedFlag: "gone",
      features: [
        Field(id: 0, name: "a", type: random.pick([.int8, .int32, .float32])),
        Field(id: 0, name: "b", type: random.pick([.utf8, .float64, .list(.int64)])),
      ])
    defer { nextKey += 2 }
    return .createGroup(group, firstKey: nextKey)
  }
}

extension OperationSource {
  private mutating func stream(_ model: Model) -> Operation {
    let count = random.oneIn(6) ? random.int(10...40) : random.int(1...7)
    let groups = model.groups.keys.sorted()
    let loads = (0..<count).compactMap { _ in
      model.groups[random.pick(groups)].map { load($0) }
    }
    return .stream(
      loads, logCommitLimit: random.int(2...9), compacts: !random.oneIn(3),
      turns: random.oneIn(2) ? random.next() : nil)
  }

  /// Rows for a group, some of which correct others; now and then under the name of a batch, which
  /// it may have had before.
  mutating func load(_ group: ModelGroup) -> Load {
    let rows = (0..<random.int(1...9)).map { _ in row(group) }
    var batchID: String?
    if random.oneIn(3) { batchID = newName() }
    if random.oneIn(6), let old = group.batches.sorted().randomElement(using: &random) {
      batchID = old
    }
    return Load(group: group.definition.name, rows: rows, batchID: batchID)
  }

  private mutating func row(_ group: ModelGroup) -> WorldRow {
    let isGone = random.oneIn(8)
    var row =
      random.oneIn(4) ? group.rows.randomElement(using: &random)?.row : nil
    if row == nil {
      let at = Int64(random.int(0...12))
      row = WorldRow(
        record: record(group), eventTicks: at,
        createdTicks: group.definition.createdTime == nil || random.oneIn(4)
          ? nil : at + Int64(random.int(0...2)),
        features: [])
    }
    var made = row ?? WorldRow(record: [], eventTicks: 0, features: [])
    made.isTombstone = isGone
    made.features = group.definition.features.map { isGone ? .null : value($0.type) }
    return made
  }

  private mutating func value(_ type: DataType) -> Value {
    if random.oneIn(6) { return .null }
    return switch type {
    case .float32: .float(Float(random.int(-100...100)) / 8)
    case .float64: .double(Double(random.int(-1000...1000)) / 7)
    default: random.value(type)
    }
  }
}

extension OperationSource {
  /// A feature is added, dropped, renamed or widened.
  private mutating func evolve(_ group: ModelGroup) -> Operation {
    var group = group
    var renamed: [String: String] = [:]
    var dropping: Set<String> = []
    let index = random.int(0...max(0, group.definition.features.count - 1))
    switch random.int(0...3) {
    case 0 where group.definition.features.count > 1:
      dropping = [group.definition.features.remove(at: index).name]
      group.keys.remove(at: index)
    case 1 where !group.definition.features.isEmpty:
      let name = "f\(nextKey)"
      nextKey += 1
      renamed[name] = group.definition.features[index].name
      group.definition.features[index].name = name
    case 2 where !group.definition.features.isEmpty:
      let old = group.definition.features[index]
      guard let type = Self.wider[old.type] else { fallthrough }
      group.definition.features[index].type = type
      group.definition.features[index].defaultValue = old.defaultValue.map {
        ModelGroup.widened($0, to: type)
      }
    default:
      let type: DataType = random.pick([.int32, .float32, .utf8, .bool])
      var field = Field(id: 0, name: "f\(nextKey)", type: type)
      if random.oneIn(2) {
        let made = value(type)
        if made != .null { field.defaultValue = made }
      }
      group.definition.features.append(field)
      group.keys.append(nextKey)
      nextKey += 1
    }
    return .evolve(group, renamed: renamed, dropping: dropping)
  }

  private static let wider: [DataType: DataType] = [
    .int8: .int32, .int32: .int64, .float32: .float64,
  ]
}

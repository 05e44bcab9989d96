import HindcastCore
public import HindcastStore

/// A store whose group's features were added, dropped, renamed and widened between ingests, and
/// what a plain model of it says at every snapshot.
public struct EvolvedWorld {
  /// The store.
  public let store: Store
  /// What each snapshot from the group's creation on must answer like.
  public let snapshots: [(number: UInt64, world: World)]

  /// A random one; the same seed gives the same.
  public init(seed: UInt64) throws {
    var model = EvolutionModel(seed: seed)
    let store = try Store.create(at: "/world", on: SimulatedFileSystem())
    var snapshots: [(UInt64, World)] = []
    try store.withWriter { writer in
      try writer.apply([.create(model.world.group)])
      snapshots.append((2, model.expected))
      var number: UInt64 = 2
      for step in 0..<model.stepCount {
        var did = false
        if step % 2 == 0 {
          let rows = model.newRows()
          let appender = try writer.append(to: model.world.group.name)
          try appender.append(try model.ingested.batch(rows))
          did = try appender.commit().rowCount > 0
        } else {
          did = try writer.apply([model.change()]) != nil
        }
        guard did else { continue }
        number += 1
        snapshots.append((number, model.expected))
      }
    }
    self.store = store
    self.snapshots = snapshots
  }
}

/// Rows with the values that they were stored with, by a key that each feature keeps for life.
private struct EvolutionModel {
  private struct Feature {
    let key: Int
    var field: Field
  }

  private struct Row {
    var row: WorldRow
    var stored: [Int: Value]
  }

  /// Identifiers, times, labels and request are its; the features are the model's own.
  private(set) var world: World
  private var random: SplitMix64
  private var features: [Feature] = []
  private var rows: [Row] = []
  private var pending: [[WorldRow]]
  private var nextKey = 0

  var stepCount: Int { 2 * pending.count + 8 }

  init(seed: UInt64) {
    random = SplitMix64(seed: seed)
    var world = World.random(seed: seed)
    pending = world.commits.filter { !$0.isEmpty }
    world.commits = []
    self.world = world
    features = world.group.features.map { field in
      nextKey += 1
      return Feature(key: nextKey, field: field)
    }
    for _ in 0..<2 { features.append(newFeature()) }
    show()
  }

  private mutating func show() {
    world.group.features = features.map(\.field)
  }

  private mutating func newFeature() -> Feature {
    nextKey += 1
    // Few names, so that those of dropped and renamed features are used again.
    let taken = Set(features.map(\.field.name))
    let name = random.pick(
      ["p", "q", "r", "s", "t", "u_\(nextKey)"].filter { !taken.contains($0) })
    let type =
      random.oneIn(3)
      ? random.featureType()
      : random.pick([.int8, .int16, .int32, .uint8, .uint16, .uint32, .float32])
    return Feature(key: nextKey, field: Field(id: 0, name: name, type: type))
  }

  /// Rows of the world, or none, with values for the features as they are.
  mutating func newRows() -> [WorldRow] {
    guard !pending.isEmpty else { return [] }
    let rows = pending.removeFirst().map { row in
      var row = row
      row.features = features.map { random.value($0.field.type, nullOneIn: 4) }
      return row
    }
    for row in rows {
      let stored = zip(features, row.features).map { ($0.key, $1) }
      self.rows.append(Row(row: row, stored: Dictionary(stored) { first, _ in first }))
    }
    return rows
  }

  /// The world that makes batches of new rows.
  var ingested: World { world }

  /// Changes the model, and says how the store is to follow.
  mutating func change() -> GroupChange {
    var renamed: [String: String] = [:]
    var dropping: Set<String> = []
    for _ in 0..<random.int(1...3) {
      switch random.int(0...4) {
      case 0: add()
      case 1: drop(&dropping, renamed)
      case 2: rename(&renamed)
      case 3: widen()
      default: world.group.timeToLive = TimeSpan(nanoseconds: Int128(random.int(1...1_000_000)))
      }
    }
    show()
    return .update(world.group, renamed: renamed, dropping: dropping)
  }

  private mutating func add() {
    var feature = newFeature()
    if random.oneIn(2) { feature.field.defaultValue = random.value(feature.field.type) }
    features.append(feature)
  }

  private mutating func drop(_ dropping: inout Set<String>, _ renamed: [String: String]) {
    // One that the store has under this name, and that is not renamed in the same breath.
    let stored = Set(world.group.features.map(\.name))
    let free = features.indices.filter {
      stored.contains(features[$0].field.name) && renamed[features[$0].field.name] == nil
        && !renamed.values.contains(features[$0].field.name)
        && world.group.features[safe: $0]?.name == features[$0].field.name
    }
    guard features.count > 1, let index = free.randomElement(using: &random) else { return }
    dropping.insert(features.remove(at: index).field.name)
  }

  private mutating func rename(_ renamed: inout [String: String]) {
    let stored = Set(world.group.features.map(\.name))
    let index = random.int(0...features.count - 1)
    let old = features[index].field.name
    let name = random.pick(["p", "q", "r", "s", "t", "v_\(nextKey)"])
    guard renamed.isEmpty, world.group.features.count > index,
      world.group.features[index].name == old, stored.contains(old), name != old,
      !stored.contains(name), !features.contains(where: { $0.field.name == name })
    else { return }
    renamed[name] = old
    features[index].field.name = name
  }

  private mutating func widen() {
    let index = random.int(0...features.count - 1)
    let old = features[index].field.type
    let wider = Self.wider[old] ?? []
    guard !wider.isEmpty else { return }
    features[index].field.type = random.pick(wider)
    features[index].field.defaultValue = features[index].field.defaultValue.map {
      Self.widened($0, to: features[index].field.type)
    }
  }

  /// Written out, as a person would list them.
  private static let wider: [DataType: [DataType]] = [
    .int8: [.int16, .int32, .int64], .int16: [.int32, .int64], .int32: [.int64],
    .uint8: [.uint16, .uint32, .uint64, .int16, .int32, .int64],
    .uint16: [.uint32, .uint64, .int32, .int64], .uint32: [.uint64, .int64], .float32: [.float64],
  ]

  private static func widened(_ value: Value, to type: DataType) -> Value {
    guard case .float32(let bits) = value, type == .float64 else { return value }
    guard (bits >> 23) & 0xFF == 0xFF else { return .double(Double(Float(bitPattern: bits))) }
    let sign: UInt64 = bits >> 31 == 1 ? 0xFFF0_0000_0000_0000 : 0x7FF0_0000_0000_0000
    return .float64(sign + UInt64(bits % 0x80_0000) * 0x2000_0000)
  }

  /// What the latest snapshot must answer like.
  var expected: World {
    var world = world
    world.commits = [
      rows.map { row in
        var shown = row.row
        shown.features = features.map { feature in
          let value = row.stored[feature.key] ?? feature.field.defaultValue ?? .null
          return Self.widened(value, to: feature.field.type)
        }
        return shown
      }
    ]
    return world
  }
}

extension Array {
  fileprivate subscript(safe index: Int) -> Element? {
    indices.contains(index) ? self[index] : nil
  }
}

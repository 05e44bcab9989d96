import HindcastCore
import HindcastStore

/// Rows such as a service sends: an entity, the time, and 14 features.
struct StreamRows {
  let batchRows: Int

  /// The group that they go to.
  static let group = FeatureGroup(
    name: "events", recordIdentifiers: [Field(id: 0, name: "entity", type: .int64)],
    eventTime: "at",
    features: (0..<14).map { Field(id: 0, name: "f\($0)", type: types[$0 % types.count]) })

  private static let types: [DataType] = [.float64, .float64, .int64, .int32, .float32]

  func batches(_ count: Int) -> [VersionBatch] {
    var random = RandomWords()
    return (0..<count).map { batch($0, &random) }
  }

  private func batch(_ index: Int, _ random: inout RandomWords) -> VersionBatch {
    let rows = 0..<batchRows
    let entities = rows.map { _ in UInt64(random.next() % 100_000) | 1 << 63 }
    let start = 1_700_000_000_000_000 + index * batchRows * 10
    let times = rows.map { Int64(start + $0 * 10) }
    let features = Self.group.features.map { field -> Column in
      switch field.type {
      case .float64: Column(type: .float64, rows.map { _ in Double(random.next() % 10_000) / 100 })
      case .float32: Column(type: .float32, rows.map { _ in Float(random.next() % 1_000) / 8 })
      case .int32: Column(type: .int32, rows.map { _ in Int32(random.next() % 1_000) })
      default: Column(type: .int64, rows.map { _ in Int64(random.next() % 100_000) })
      }
    }
    return VersionBatch(
      keys: KeyVector(count: batchRows, prefixes: Buffer(entities)), eventTimes: Buffer(times),
      features: features)
  }
}

/// Numbers that look random (splitmix64), the same each time.
struct RandomWords {
  private var state: UInt64 = 42

  mutating func next() -> Int {
    state &+= 0x9E37_79B9_7F4A_7C15
    var word = state
    word = (word ^ (word >> 30)) &* 0xBF58_476D_1CE4_E5B9
    word = (word ^ (word >> 27)) &* 0x94D0_49BB_1331_11EB
    return Int((word ^ (word >> 31)) >> 1)
  }
}

import HindcastCore
import HindcastReference

extension World {
  /// How large a random world may get.
  public struct Limits: Sendable {
    /// The most rows in all commits.
    public var rows: Int
    /// The most records.
    public var records: Int
    /// The most commits.
    public var commits: Int
    /// The most labels.
    public var labels: Int
    /// The most features.
    public var features: Int
    /// The most bytes that are put behind some texts, so that pages have to hold fewer rows.
    public var fatTextBytes: Int

    /// Creates limits.
    public init(
      rows: Int = 60, records: Int = 8, commits: Int = 5, labels: Int = 50, features: Int = 4,
      fatTextBytes: Int = 0
    ) {
      self.rows = rows
      self.records = records
      self.commits = commits
      self.labels = labels
      self.features = features
      self.fatTextBytes = fatTextBytes
    }

    /// Few records with histories that run over many pages.
    public static let long = Limits(
      rows: 9_000, records: 3, commits: 3, labels: 400, features: 3, fatTextBytes: 3_000)
  }

  /// A random world; the same seed and limits give the same one.
  ///
  /// Identifiers of all types and up to three components, labels of other widths, signs and units,
  /// times anywhere in 64 bits with many ties, and requests whose spans touch the ages that occur.
  public static func random(seed: UInt64, limits: Limits = Limits()) -> World {
    var generator = WorldGenerator(seed: seed, limits: limits)
    return generator.world()
  }
}

private struct WorldGenerator {
  private let seed: UInt64
  private let limits: World.Limits
  private var random: SplitMix64
  private let group: FeatureGroup
  private let records: [[Value]]
  private let labelTypes: [DataType]
  private let labelUnit: TimeUnit
  private let base: Int64
  private let spread: Int

  init(seed: UInt64, limits: World.Limits) {
    var random = SplitMix64(seed: seed)
    let types = (0..<random.pick([1, 1, 1, 2, 3])).map { _ in random.identifierType() }
    let features = (0..<random.int(1...limits.features)).map { _ in random.featureType() }
    let unit = random.pick(TimeUnit.allCases)
    group = FeatureGroup(
      name: "random",
      recordIdentifiers: types.enumerated().map {
        Field(id: UInt32($0 + 1), name: "id\($0)", type: $1)
      },
      eventTime: "event_time", timeUnit: unit,
      createdTime: random.oneIn(2) ? "created" : nil, deletedFlag: "deleted",
      features: features.enumerated().map {
        Field(id: UInt32($0 + 10), name: "f\($0)", type: $1)
      })
    records = (0..<random.int(1...limits.records)).map { _ in types.map { random.value($0) } }
    labelTypes = types.map { random.oneIn(2) ? $0 : random.comparableType($0) }
    labelUnit = random.oneIn(2) ? unit : random.pick(TimeUnit.allCases)
    spread = random.pick([3, 10, 1_000, limits.rows])
    base = Self.base(unit, &random)
    self.seed = seed
    self.limits = limits
    self.random = random
  }

  /// Where the history lies: now, before 1970, at the ends of the calendar or of 64 bits.
  private static func base(_ unit: TimeUnit, _ random: inout SplitMix64) -> Int64 {
    let perSecond = 1_000_000_000 / unit.nanoseconds
    let seconds: [Int64] = [0, -1, 1_700_000_000, -2_000_000_000, -62_167_219_200, 253_402_300_799]
    let fitting = seconds.compactMap { second -> Int64? in
      let (ticks, overflow) = second.multipliedReportingOverflow(by: perSecond)
      return overflow || ticks.magnitude > UInt64(Int64.max) - 100_000 ? nil : ticks
    }
    return random.pick(fitting + [Int64.min + 50_000, Int64.max - 50_000])
  }

  mutating func world() -> World {
    let commits = (0..<random.int(1...limits.commits)).map { _ in
      (0..<random.int(0...max(1, limits.rows / limits.commits))).map { _ in row() }
    }
    let labels = (0..<random.int(0...limits.labels)).map { _ in label() }
    return World(
      name: "seed \(seed)", group: group, commits: commits, labelTypes: labelTypes,
      labelUnit: labelUnit, labels: labels, options: options())
  }

  private mutating func row() -> WorldRow {
    let event = base + Int64(random.int(-spread...spread))
    let created: Int64? =
      group.createdTime == nil || random.oneIn(8)
      ? nil : event + Int64(random.int(-2...spread + 2))
    let isTombstone = random.oneIn(6)
    return WorldRow(
      record: random.pick(records), eventTicks: event, createdTicks: created,
      isTombstone: isTombstone,
      features: group.features.map { isTombstone ? .null : feature($0.type) })
  }

  private mutating func feature(_ type: DataType) -> Value {
    let value = random.value(type, nullOneIn: 5)
    guard limits.fatTextBytes > 0, type == .utf8, case .bytes(let bytes) = value else {
      return value
    }
    let padding = random.int(0...limits.fatTextBytes)
    return .bytes(bytes + Array(repeating: UInt8(ascii: "x"), count: padding))
  }

  private mutating func label() -> WorldLabel {
    var record: [Value] = []
    let wanted = random.pick(records)
    let types = group.recordIdentifiers.map(\.type)
    let isStranger = random.oneIn(6)
    for (index, type) in labelTypes.enumerated() {
      let converted = wanted[index].converted(from: types[index], to: type)
      let stranger = random.value(type)
      record.append(random.oneIn(25) ? .null : isStranger ? stranger : converted ?? stranger)
    }
    return WorldLabel(record: record, ticks: random.oneIn(25) ? nil : labelTicks())
  }

  /// A time near the history's, in the labels' unit; cut off where 64 bits are too few.
  private mutating func labelTicks() -> Int64 {
    let near = Int128(base) + Int128(random.int(-spread - 2...2 * spread + 2))
    let nanoseconds = near * Int128(group.timeUnit.nanoseconds)
    let ticks = nanoseconds / Int128(labelUnit.nanoseconds) + Int128(random.int(-1...1))
    return Int64(clamping: ticks)
  }

  private mutating func options() -> ReferenceOptions {
    ReferenceOptions(
      delay: random.oneIn(2) ? .zero : span(), isStrict: random.oneIn(3),
      maxAge: random.oneIn(2) ? nil : span(), allowsKnownLate: random.oneIn(6))
  }

  /// A span of some ticks of either unit, perhaps a nanosecond more; seldom a huge one.
  private mutating func span() -> TimeSpan {
    if random.oneIn(12) { return TimeSpan(nanoseconds: Int128(Int64.max) * 604_800_000_000_000) }
    let unit = random.pick([group.timeUnit, labelUnit])
    let ticks = Int128(random.pick([0, 1, 2, random.int(0...2 * spread)]))
    let nanoseconds = ticks * Int128(unit.nanoseconds) + Int128(random.pick([0, 0, 1]))
    return TimeSpan(nanoseconds: nanoseconds)
  }
}

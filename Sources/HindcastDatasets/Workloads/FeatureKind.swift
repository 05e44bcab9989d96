import HindcastCore

/// How the values of one generated feature are distributed.
enum FeatureKind: Sendable {
  /// A random walk in cents with steps of this standard deviation in units.
  case walk(step: Double)
  /// Standard normal.
  case gauss
  /// Poisson of mean 0.1, as a float: mostly zero.
  case mostlyZero
  /// Four fifths zero, otherwise exponential of mean 40, in cents.
  case amount
  /// A counter that grows by 0 to 4 a row.
  case counter
  /// 0 to 9.
  case small
  /// Poisson of mean 30.
  case count
  /// One of five million items.
  case item
  /// One of 49 country codes, the first the most frequent.
  case country
  /// One of five devices.
  case device
  /// 16 hexadecimal digits of full entropy.
  case hex
  /// True in 30%.
  case flag

  var type: DataType {
    switch self {
    case .walk, .gauss, .mostlyZero, .amount: .float64
    case .counter, .small, .count, .item: .int64
    case .country, .device, .hex: .utf8
    case .flag: .bool
    }
  }
}

/// One generated feature.
struct FeatureSpec: Sendable {
  var name: String
  var kind: FeatureKind
  var nullRate: Double

  init(_ name: String, _ kind: FeatureKind, nulls: Double = 0) {
    self.name = name
    self.kind = kind
    nullRate = nulls
  }
}

/// Draws feature values; holds the tables that the distributions need.
struct ValueMaker {
  /// What a walk's or counter's state is before an entity's first row.
  static let unstarted = Int64.min

  private let countries: DiscreteSampler
  private let counts = DiscreteSampler(poissonMean: 30)
  private let zeros = DiscreteSampler(poissonMean: 0.1)
  private let countryTexts: [[UInt8]]
  private let deviceTexts: [[UInt8]]

  init() {
    countryTexts = "ABCDEFG".utf8.flatMap { first in "KLMNOPQ".utf8.map { [first, $0] } }
    deviceTexts = ["android", "ios", "web", "tablet", "unknown"].map { Array($0.utf8) }
    countries = DiscreteSampler(weights: (1...countryTexts.count).map { 1 / Double($0) })
  }

  /// Adds the next value of a feature; `state` is the entity's walk or counter.
  func append(
    _ kind: FeatureKind, nullRate: Double, to column: ColumnFill, state: inout Int64,
    _ random: inout Random
  ) {
    if case .walk(let step) = kind { advance(&state, step: step, &random) }
    if case .counter = kind {
      state = state == Self.unstarted ? 0 : state + Int64(random.below(5))
    }
    if nullRate > 0, random.chance(nullRate) {
      column.appendNull()
      return
    }
    switch kind {
    case .walk: column.append(Double(state) / 100)
    case .gauss: column.append(random.normal())
    case .mostlyZero: column.append(Double(zeros.draw(&random)))
    case .amount:
      column.append(random.chance(0.8) ? 0 : cents(random.exponential(mean: 40)))
    case .counter: column.append(state)
    case .small: column.append(Int64(random.below(10)))
    case .count: column.append(Int64(counts.draw(&random)))
    case .item: column.append(Int64(random.below(5_000_000)))
    case .country: column.append(countryTexts[countries.draw(&random)])
    case .device: column.append(deviceTexts[random.below(5)])
    case .hex: column.append(hex: random.next())
    case .flag: column.append(random.chance(0.3))
    }
  }

  private func advance(_ state: inout Int64, step: Double, _ random: inout Random) {
    if state == Self.unstarted {
      state = Int64((PortableMath.exp(6 + random.normal()) * 100).rounded())
    } else {
      state += Int64((random.normal() * step * 100).rounded())
    }
  }
}

/// `value` rounded to cents.
func cents(_ value: Double) -> Double { (value * 100).rounded() / 100 }

/// A stream of pseudo-random numbers: SplitMix64 (Steele, Lea, Flood 2014), seeded by what the
/// numbers are for (table, entity, slice), so that any part of a dataset is made without the rest.
struct Random {
  private var state: UInt64
  private var spareNormal = 0.0
  private var hasSpare = false

  /// The stream for one cell of one table.
  init(_ seed: UInt64, _ first: Int = 0, _ second: Int = 0) {
    var mixed = Self.mix(seed &+ 0x9E37_79B9_7F4A_7C15)
    mixed = Self.mix(mixed ^ UInt64(truncatingIfNeeded: first))
    state = Self.mix(mixed ^ UInt64(truncatingIfNeeded: second) &* 0xD1B5_4A32_D192_ED03)
  }

  private static func mix(_ value: UInt64) -> UInt64 {
    var z = value
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }

  /// 64 random bits.
  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    return Self.mix(state)
  }

  /// A number in 0 ..< 1.
  mutating func uniform() -> Double { Double(next() >> 11) * 0x1p-53 }

  /// A whole number in 0 ..< `bound`.
  mutating func below(_ bound: Int) -> Int {
    Int(truncatingIfNeeded: next().multipliedFullWidth(by: UInt64(bound)).high)
  }

  /// True with the given probability.
  mutating func chance(_ probability: Double) -> Bool { uniform() < probability }

  /// A standard normal number (Marsaglia's polar method).
  mutating func normal() -> Double {
    if hasSpare {
      hasSpare = false
      return spareNormal
    }
    while true {
      let x = 2 * uniform() - 1
      let y = 2 * uniform() - 1
      let square = x * x + y * y
      guard square < 1, square > 0 else { continue }
      let factor = (-2 * PortableMath.ln(square) / square).squareRoot()
      spareNormal = y * factor
      hasSpare = true
      return x * factor
    }
  }

  /// An exponential number of the given mean.
  mutating func exponential(mean: Double) -> Double { -mean * PortableMath.ln(1 - uniform()) }

  /// A Poisson number; `expMinusMean` is e^-mean, which callers keep.
  mutating func poisson(mean: Double, expMinusMean: Double) -> Int {
    guard mean < 40 else { return max(0, Int((mean + mean.squareRoot() * normal()).rounded())) }
    var rest = uniform()
    var probability = expMinusMean
    var count = 0
    while rest >= probability, count < 400 {
      rest -= probability
      count += 1
      probability *= mean / Double(count)
    }
    return count
  }

  /// A Poisson number.
  mutating func poisson(mean: Double) -> Int {
    poisson(mean: mean, expMinusMean: PortableMath.exp(-mean))
  }
}

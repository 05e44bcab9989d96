/// A small seeded generator of random numbers, so that a printed seed replays a failure.
///
/// Steele, Lea, Flood, "Fast Splittable Pseudorandom Number Generators" (2014).
public struct SplitMix64: RandomNumberGenerator, Sendable {
  private var state: UInt64

  /// Starts the sequence of `seed`.
  public init(seed: UInt64) {
    state = seed
  }

  /// The next 64 random bits.
  public mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ mixed >> 30) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
    return mixed ^ mixed >> 31
  }

  /// A number of `range`.
  public mutating func int(_ range: ClosedRange<Int>) -> Int {
    Int.random(in: range, using: &self)
  }

  /// True once in `count` times on average.
  public mutating func oneIn(_ count: Int) -> Bool {
    Int.random(in: 0..<count, using: &self) == 0
  }

  /// One of `choices`, which must not be empty.
  public mutating func pick<Element>(_ choices: [Element]) -> Element {
    choices[Int.random(in: choices.indices, using: &self)]
  }
}

/// Seeds for random tests: those in `HINDCAST_SEED` (comma-separated), else `count` new ones.
///
/// New seeds differ from run to run; a failing test prints its own.
public func testSeeds(_ count: Int, environment: [String: String]) -> [UInt64] {
  if let text = environment["HINDCAST_SEED"] {
    return text.split(separator: ",").compactMap { UInt64($0) }
  }
  return (0..<count).map { _ in UInt64.random(in: 0...UInt64.max) }
}

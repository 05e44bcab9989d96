import Foundation

/// A small generator with a seed, so that a failure can be replayed.
struct SeededGenerator: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }
}

/// The seed of random tests, printed so that it can be given again: `HINDCAST_SEED`, or fresh.
func testSeed(_ name: String = #function) -> UInt64 {
  let seed =
    ProcessInfo.processInfo.environment["HINDCAST_SEED"].flatMap { UInt64($0) }
    ?? UInt64.random(in: 0...UInt64(UInt32.max))
  print("\(name): HINDCAST_SEED=\(seed)")
  return seed
}

import HindcastTestKit

/// What happens at one call.
enum Fault: CustomStringConvertible {
  /// The power fails: what was not synchronised is lost at the grain of a sector.
  case powerCut(sectorSize: Int, seed: UInt64)
  /// All processes die, the system lives.
  case processDeath
  /// The call fails, and the program goes on; then the power may fail.
  case failure(SimulatedFailure, powerCut: UInt64?)

  static func crash(_ random: inout SplitMix64) -> Fault {
    random.oneIn(4)
      ? .processDeath
      : .powerCut(sectorSize: random.pick([512, 4_096]), seed: random.next())
  }

  static func failure(_ random: inout SplitMix64) -> Fault {
    if random.oneIn(8) {
      return .failure(
        SimulatedFailure(reason: "interrupted", outcome: .interruption), powerCut: nil)
    }
    if random.oneIn(8) {
      return .failure(SimulatedFailure(reason: "short", outcome: .shortWrite), powerCut: nil)
    }
    let reason = random.pick(["input/output error", "no space left on device"])
    let share = random.pick([0, 0.5, 0.9, 1])
    let isCut = random.oneIn(2)
    return .failure(
      SimulatedFailure(reason: reason, writtenShare: share, dropsData: isCut && random.oneIn(2)),
      powerCut: isCut ? random.next() : nil)
  }

  var description: String {
    switch self {
    case .powerCut(let size, let seed): "power cut, sectors of \(size), seed \(seed)"
    case .processDeath: "process death"
    case .failure(let failure, let seed):
      "\(failure), \(failure.writtenShare) of a write done"
        + (seed.map { ", then power cut \($0)" } ?? "")
    }
  }
}

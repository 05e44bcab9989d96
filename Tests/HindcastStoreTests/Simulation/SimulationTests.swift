import Foundation
import HindcastTestKit
import Testing

/// The whole store under random operations, where at each call in turn the power fails, the process
/// dies or the call fails.
///
/// `HINDCAST_SIMULATE` is how many times that happens; `HINDCAST_SIMULATION_SEED` the seed to start
/// from, which a failure prints. `make simulate` starts from another one each time.
@Suite struct SimulationTests {
  /// A run takes a part of all crashes at most, so that there are some runs; and is taken whole if
  /// there are many.
  private static let fewestRuns = 20

  @Test func nothingAcknowledgedIsLost() throws {
    let environment = ProcessInfo.processInfo.environment
    let count = environment["HINDCAST_SIMULATE"].flatMap(Int.init) ?? 2_000
    var seed =
      environment["HINDCAST_SIMULATION_SEED"].flatMap(UInt64.init) ?? 1
    var failures = 0
    var done = 0
    while done < count, failures < 5 {
      var random = SplitMix64(seed: seed)
      do {
        let run = try Simulation(seed: seed, operationCount: random.int(4...24))
        let limit = max(1, min(count / Self.fewestRuns, count - done))
        for event in try run.events(limit: limit) {
          done += 1
          try run.run(event)
        }
      } catch {
        Issue.record("crash \(done): \(error)")
        failures += 1
      }
      seed &+= 1
    }
  }
}

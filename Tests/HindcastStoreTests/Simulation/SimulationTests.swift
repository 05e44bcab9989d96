import Foundation
import HindcastTestKit
import Testing

/// The whole store under random operations, where at any call the power fails, the process dies or
/// the call fails.
///
/// `HINDCAST_SIMULATE` is how many times that happens; `HINDCAST_SIMULATION_SEED` the seed to start
/// from, which a failure prints. `make simulate` starts from another one each time.
@Suite struct SimulationTests {
  private static let faultsPerRun = 100

  @Test func nothingAcknowledgedIsLost() throws {
    let environment = ProcessInfo.processInfo.environment
    let count = environment["HINDCAST_SIMULATE"].flatMap(Int.init) ?? 2_000
    var seed =
      environment["HINDCAST_SIMULATION_SEED"].flatMap(UInt64.init) ?? 1
    var failures = 0
    for _ in 0..<max(1, count / Self.faultsPerRun) {
      var random = SplitMix64(seed: seed)
      do {
        let run = try Simulation(seed: seed, operationCount: random.int(4...24))
        try run.run(faultCount: Self.faultsPerRun)
      } catch {
        Issue.record("\(error)")
        failures += 1
        if failures == 5 { break }
      }
      seed &+= 1
    }
  }
}

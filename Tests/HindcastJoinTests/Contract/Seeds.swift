import Foundation
import HindcastTestKit

/// New seeds for each run, or those of the environment's `HINDCAST_SEED`.
///
/// `HINDCAST_ROUNDS` makes it so many times more.
func randomSeeds(_ count: Int) -> [UInt64] {
  let environment = ProcessInfo.processInfo.environment
  let rounds = environment["HINDCAST_ROUNDS"].flatMap { Int($0) } ?? 1
  return testSeeds(count * rounds, environment: environment)
}

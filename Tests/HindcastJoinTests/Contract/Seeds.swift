import Foundation
import HindcastTestKit

/// New seeds for each run, or those of the environment's `HINDCAST_SEED`.
func randomSeeds(_ count: Int) -> [UInt64] {
  testSeeds(count, environment: ProcessInfo.processInfo.environment)
}

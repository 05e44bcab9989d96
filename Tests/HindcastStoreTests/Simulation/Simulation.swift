import HindcastCore
import HindcastStore
import HindcastTestKit
import Synchronization

/// A run of random operations, during which the disk was looked at before each call that changes
/// it.
///
/// The same seed gives the same run, to the byte.
struct Simulation {
  let seed: UInt64
  /// What was done, in order.
  private(set) var operations: [Act] = []
  /// Every moment at which something may happen, in order.
  private(set) var moments: [Moment] = []

  /// An operation and the state before it.
  struct Act {
    let operation: Operation
    let start: SimulatedMoment
    let history: History
  }

  /// The disk between two calls, and what was acknowledged by then.
  struct Moment: Sendable {
    let disk: SimulatedMoment
    let history: History
    /// Which operation was under way.
    let act: Int
  }

  /// Runs `count` operations, and compares the store with the model after each.
  init(seed: UInt64, operationCount count: Int) throws {
    self.seed = seed
    let disk = SimulatedFileSystem(seed: seed)
    let ledger = Ledger()
    var source = OperationSource(seed: seed)
    var random = SplitMix64(seed: seed ^ 0x5DEE_CE66)
    let seen = Mutex<[Moment]>([])
    let current = Mutex(0)
    var store: Store?
    for index in 0..<count {
      let history = ledger.history
      let operation = source.next(history.model, latest: history.latest)
      let start = disk.moment
      if random.oneIn(3) { store = nil }
      if random.oneIn(8) {
        disk.setClock(Instant(nanoseconds: 1_700_000_000_000_000_000 - Int128(random.int(0...99))))
      }
      current.withLock { $0 = index }
      disk.record { moment in
        let act = current.withLock { $0 }
        let history = ledger.history
        seen.withLock { $0.append(Moment(disk: moment, history: history, act: act)) }
      }
      do {
        store = try operation.run(on: disk, store, ledger)
        disk.record(nil)
        operations.append(Act(operation: operation, start: start, history: history))
        if let store {
          var check = StoreCheck(store)
          _ = try check.run(ledger.history, sample: 1, &random)
        }
      } catch {
        throw SimulationError(
          "seed \(seed), without a fault, operation \(index) (\(operation)): \(error)\n"
            + Self.list(operations.map(\.operation) + [operation]))
      }
    }
    moments = seen.withLock { $0 }
  }

  static func list(_ operations: [Operation]) -> String {
    operations.enumerated().map { "  \($0). \($1)" }.joined(separator: "\n")
  }
}

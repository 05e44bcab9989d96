import HindcastCore
import HindcastStore
import HindcastTestKit

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Rows that come in by a stream.
///
/// Where another thread tidies the store up meanwhile, it makes its calls between two batches, as
/// many as a seed says: so a run can be repeated.
struct StreamRun {
  private let stream: HindcastStore.Stream
  private let disk: SimulatedFileSystem
  private let ledger: Ledger
  private let turns: UInt64?

  init(
    _ options: StreamOptions, turns: UInt64?, _ store: Store, _ disk: SimulatedFileSystem,
    _ ledger: Ledger
  ) throws {
    stream = try store.stream(options: options)
    (self.disk, self.ledger, self.turns) = (disk, ledger, turns)
  }

  func run(_ loads: [Load]) throws {
    var random = SplitMix64(seed: turns ?? 0)
    if turns != nil {
      disk.exemptThread()
      _ = stream.waitUntilIdle { [disk] in disk.exemptThread() }
    }
    var failure: (any Error)?
    do {
      for load in loads {
        try add(load)
        letOthersTidy(random.pick([0, 1, 2, 5, 20]))
      }
    } catch {
      failure = error
    }
    do { try close(waits: random.oneIn(2)) } catch { failure = failure ?? error }
    if let failure { throw failure }
  }

  private func add(_ load: Load) throws {
    let isNew = load.isNew(ledger.model)
    let batch = try load.batch(ledger.model)
    ledger.begin(load.added(to: ledger.model))
    try stream.submit(batch, to: load.group, batchID: load.batchID) { [ledger] result in
      // What failed stays under way: it may be there.
      guard let receipt = try? result.get() else { return }
      ledger.acknowledge(isNew ? receipt.commitNumber : nil)
    }
    try stream.flush()
  }

  /// Waits until the thread that tidies up, if there is one, has made so many calls.
  private func letOthersTidy(_ count: Int) {
    guard stream.waitUntilIdle(), turns != nil else { return }
    while stream.waitUntilIdle(), !disk.isTurnAwaited { usleep(20) }
    disk.grantTurns(count)
    while stream.waitUntilIdle(), !disk.isTurnAwaited { usleep(20) }
  }

  /// Ends the stream.
  /// - Parameter waits: whether the thread that tidies up comes to its end before, and is not told
  ///   to stop.
  private func close(waits: Bool) throws {
    if turns == nil || waits {
      disk.stopTurns()
      while stream.waitUntilIdle() { usleep(20) }
      return try stream.close()
    }
    // It goes on only once the stream is being closed.
    let ending = OwnThread { [stream, disk] in
      while !stream.isEnding { usleep(20) }
      disk.stopTurns()
    }
    guard let ending else { throw SimulationError("no thread is to be had") }
    let result = Result { try stream.close() }
    ending.join()
    try result.get()
  }
}

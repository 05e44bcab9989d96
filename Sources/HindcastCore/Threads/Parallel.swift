import Dispatch
import Foundation
import Synchronization

/// Independent pieces of work on all cores.
public enum Parallel {
  private static let threadLimit = Atomic<Int>(0)

  /// How many threads work at a time, the caller's among them: one a core, if it was not limited.
  public static var threadCount: Int {
    let limit = threadLimit.load(ordering: .relaxed)
    return limit > 0 ? limit : ProcessInfo.processInfo.activeProcessorCount
  }

  /// Lets at most `count` threads work at a time, in all of the program, from the next work on.
  public static func limitThreads(to count: Int) {
    precondition(count > 0)
    threadLimit.store(count, ordering: .relaxed)
  }

  /// The results of `work` for 0..<count, in that order, whatever the order of their doing.
  ///
  /// Pieces are begun in their order, the next by the thread that is free, the caller's among them;
  /// returns when all are done. Few and large pieces: each costs a microsecond or two beside its
  /// own work. No piece is begun after one failed.
  /// - Throws: the error of the first piece, by number, that failed.
  public static func map<Result: Sendable>(
    _ count: Int, _ work: @Sendable (Int) throws(HindcastError) -> Result
  ) throws(HindcastError) -> [Result] {
    let workers = min(count, threadCount)
    guard workers > 1 else {
      var values: [Result] = []
      for index in 0..<count { values.append(try work(index)) }
      return values
    }
    let results = Mutex<[Swift.Result<Result, HindcastError>?]>(Array(repeating: nil, count: count))
    let next = Atomic<Int>(0)
    DispatchQueue.concurrentPerform(iterations: workers) { _ in
      while true {
        let index = next.add(1, ordering: .relaxed).oldValue
        guard index < count else { return }
        let result: Swift.Result<Result, HindcastError>
        do throws(HindcastError) {
          result = .success(try work(index))
        } catch {
          result = .failure(error)
          next.store(count, ordering: .relaxed)
        }
        results.withLock { $0[index] = result }
      }
    }
    var values: [Result] = []
    for result in results.withLock({ $0 }) {
      if let result { values.append(try result.get()) }
    }
    return values
  }
}

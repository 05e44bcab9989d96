import Dispatch
import Synchronization

/// Independent pieces of work on all cores.
public enum Parallel {
  /// The results of `work` for 0..<count, in that order, whatever the order of their doing.
  ///
  /// Runs on as many threads as the machine has cores, the caller's among them, and returns when
  /// all are done. Few and large pieces: each costs a microsecond or two beside its own work.
  /// - Throws: the error of the first piece, by number, that failed.
  public static func map<Result: Sendable>(
    _ count: Int, _ work: @Sendable (Int) throws(HindcastError) -> Result
  ) throws(HindcastError) -> [Result] {
    if count == 1 { return [try work(0)] }
    let results = Mutex<[Swift.Result<Result, HindcastError>?]>(Array(repeating: nil, count: count))
    DispatchQueue.concurrentPerform(iterations: count) { index in
      let result: Swift.Result<Result, HindcastError>
      do throws(HindcastError) {
        result = .success(try work(index))
      } catch {
        result = .failure(error)
      }
      results.withLock { $0[index] = result }
    }
    var values: [Result] = []
    for result in results.withLock({ $0 }) {
      if let result { values.append(try result.get()) }
    }
    return values
  }
}

import Foundation
import Synchronization

/// Independent pieces of work on all cores.
public enum Parallel {
  private static let threadLimit = Atomic<Int>(0)
  /// How many of the threads a piece of work may have for work of its own.
  @TaskLocal private static var share: Int?

  /// How many threads work at a time, the caller's among them: one a core, if it was not limited.
  ///
  /// Inside a piece of work its share of them, so that they are not more in all.
  public static var threadCount: Int {
    if let share { return share }
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
    return try withoutActuallyEscaping(work) { work throws(HindcastError) in
      try results(count, workers, work)
    }
  }

  /// `work` escapes to threads that are joined before this returns.
  private static func results<Result: Sendable>(
    _ count: Int, _ workers: Int,
    _ work: @escaping @Sendable (Int) throws(HindcastError) -> Result
  ) throws(HindcastError) -> [Result] {
    let pieces = Pieces(count, work)
    let share = max(1, threadCount / workers)
    // Where the system has no thread to give, those that there are do the work.
    var threads: [ThreadBox] = []
    for _ in 1..<workers {
      let thread = OwnThread { $share.withValue(share) { pieces.doAll() } }
      guard let thread else { break }
      threads.append(ThreadBox(thread))
    }
    $share.withValue(share) { pieces.doAll() }
    for thread in threads { thread.join() }
    return try pieces.results()
  }
}

/// Pieces of work that threads take one by one.
private final class Pieces<Result: Sendable>: Sendable {
  private let count: Int
  private let work: @Sendable (Int) throws(HindcastError) -> Result
  private let next = Atomic<Int>(0)
  private let done: Mutex<[Swift.Result<Result, HindcastError>?]>

  init(_ count: Int, _ work: @escaping @Sendable (Int) throws(HindcastError) -> Result) {
    self.count = count
    self.work = work
    done = Mutex(Array(repeating: nil, count: count))
  }

  /// Does pieces until none is left or one failed.
  func doAll() {
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
      done.withLock { $0[index] = result }
    }
  }

  /// All results, or the error of the first piece that failed.
  func results() throws(HindcastError) -> [Result] {
    var values: [Result] = []
    values.reserveCapacity(count)
    for result in done.withLock({ $0 }) {
      if let result { values.append(try result.get()) }
    }
    return values
  }
}

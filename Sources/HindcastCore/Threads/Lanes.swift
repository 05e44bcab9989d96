import Foundation

/// Work in lanes, on all cores: the pieces of one lane are done one after the other, those of
/// different lanes at a time.
///
/// So the next round of work is begun while the slowest lane of the last one is still under way.
/// Pieces are large: each costs some microseconds beside its own work.
package final class Lanes {
  private let shared = Shared()
  private var threads: [ThreadBox] = []
  private var lastRound = -1

  /// A piece of work, and the lane it is in.
  package struct Piece: Sendable {
    let lane: Int
    let work: @Sendable () throws(HindcastError) -> Void

    /// Creates a piece; lanes are numbered from 0.
    package init(lane: Int, work: @escaping @Sendable () throws(HindcastError) -> Void) {
      self.lane = lane
      self.work = work
    }
  }

  /// Starts threads; none if there may be no more than the caller's (``Parallel/threadCount``) or
  /// there are none to be had: then the work is done where it is added.
  ///
  /// - Parameters:
  ///   - threads: how many at most; as many as may work at a time if it is not given.
  ///   - overlaps: whether work may go on beside the caller's at all.
  package init(threads: Int = .max, overlaps: Bool = true) {
    let count = Parallel.threadCount
    guard overlaps, count > 1 else { return }
    for _ in 0..<min(threads, count) {
      guard let thread = OwnThread({ [shared] in shared.doAll() }) else { break }
      self.threads.append(ThreadBox(thread))
    }
  }

  /// No work may hold the last reference to this object.
  deinit {
    shared.close()
    for thread in threads { thread.join() }
  }

  /// Whether work goes on beside the caller's.
  package var overlaps: Bool { !threads.isEmpty }

  /// Waits until all that was added is done, whatever became of it.
  package func drain() { try? wait() }

  /// Adds a piece of work that goes in the only lane.
  package func add(_ work: @escaping @Sendable () throws(HindcastError) -> Void) {
    add([Piece(lane: 0, work: work)])
  }

  /// Adds a round of work, to be begun in the order given.
  package func add(_ pieces: [Piece]) {
    lastRound += 1
    shared.add(pieces, round: lastRound)
    if !overlaps {
      shared.close()
      shared.doAll()
    }
  }

  /// Waits until all rounds but the last `rest` are done.
  /// - Throws: the error of the first piece, in the order of their adding, that failed; no piece of
  ///   a later round is begun then.
  package func wait(exceptLast rest: Int = 0) throws(HindcastError) {
    try shared.wait(through: lastRound - rest)
  }

  /// What the threads have in common.
  private final class Shared: @unchecked Sendable {
    private let condition = NSCondition()
    private var waiting: [Task] = []
    private var busyLanes: Set<Int> = []
    /// The pieces of each round that are not done.
    private var open: [Int: Int] = [:]
    private var failure: (round: Int, index: Int, error: HindcastError)?
    private var isClosed = false

    private struct Task {
      let piece: Piece
      let round: Int
      let index: Int
    }

    func add(_ pieces: [Piece], round: Int) {
      condition.withLock {
        guard failure == nil else { return }
        for (index, piece) in pieces.enumerated() {
          waiting.append(Task(piece: piece, round: round, index: index))
        }
        open[round] = pieces.isEmpty ? nil : pieces.count
        condition.broadcast()
      }
    }

    func close() {
      condition.withLock {
        isClosed = true
        condition.broadcast()
      }
    }

    func wait(through round: Int) throws(HindcastError) {
      condition.lock()
      defer { condition.unlock() }
      while open.keys.contains(where: { $0 <= round }) { condition.wait() }
      if let failure { throw failure.error }
    }

    /// Does pieces until there will be no more.
    func doAll() {
      condition.lock()
      defer { condition.unlock() }
      while true {
        if let task = next() {
          condition.unlock()
          let failed = run(task.piece)
          condition.lock()
          finish(task, failed)
        } else if isClosed, waiting.isEmpty {
          return
        } else {
          condition.wait()
        }
      }
    }

    /// The first piece whose lane is free.
    private func next() -> Task? {
      guard let place = waiting.firstIndex(where: { !busyLanes.contains($0.piece.lane) }) else {
        return nil
      }
      busyLanes.insert(waiting[place].piece.lane)
      return waiting.remove(at: place)
    }

    private func run(_ piece: Piece) -> HindcastError? {
      do throws(HindcastError) {
        try piece.work()
        return nil
      } catch {
        return error
      }
    }

    private func finish(_ task: Task, _ failed: HindcastError?) {
      busyLanes.remove(task.piece.lane)
      if let failed, failure.map({ (task.round, task.index) < ($0.round, $0.index) }) ?? true {
        failure = (task.round, task.index, failed)
      }
      open[task.round] = open[task.round].flatMap { $0 > 1 ? $0 - 1 : nil }
      if let failure { drop(after: failure.round) }
      condition.broadcast()
    }

    /// Forgets the pieces of later rounds.
    private func drop(after round: Int) {
      for task in waiting where task.round > round { open[task.round] = nil }
      waiting.removeAll { $0.round > round }
    }
  }
}

import Foundation

/// Lets threads use a disk in an order that a test decides, so that a run with threads can be
/// repeated.
final class SimulatedTurns: @unchecked Sendable {
  private let condition = NSCondition()
  /// Threads that need no turn; nobody does while it is empty.
  private var exempt: [Thread] = []
  private var grantedCount = 0
  private var waitingCount = 0

  func exemptThread() { change { exempt.append(.current) } }

  func stop() { change { exempt = [] } }

  func grant(_ count: Int) { change { grantedCount = count } }

  /// Whether a thread waits for a turn.
  var isAwaited: Bool {
    condition.lock()
    defer { condition.unlock() }
    return waitingCount > 0 && grantedCount == 0
  }

  /// Waits for a turn if the thread needs one.
  func take() {
    condition.lock()
    defer { condition.unlock() }
    guard needsTurn else { return }
    waitingCount += 1
    while !exempt.isEmpty, grantedCount == 0 { condition.wait() }
    waitingCount -= 1
    grantedCount = max(0, grantedCount - 1)
  }

  private var needsTurn: Bool {
    !exempt.isEmpty && !exempt.contains { $0 === Thread.current }
  }

  private func change(_ body: () -> Void) {
    condition.lock()
    body()
    condition.broadcast()
    condition.unlock()
  }
}

extension SimulatedFileSystem {
  /// Lets the calling thread use the disk at will; all threads that did not call this wait at each
  /// call until it is granted.
  public func exemptThread() { turns.exemptThread() }

  /// Lets waiting threads make so many calls.
  public func grantTurns(_ count: Int) { turns.grant(count) }

  /// Whether a thread waits at a call.
  public var isTurnAwaited: Bool { turns.isAwaited }

  /// Lets all threads go on.
  public func stopTurns() { turns.stop() }
}

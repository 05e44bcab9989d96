import Hindcast
import Synchronization

/// Shows progress on one line of the terminal: done, share, rate, time left.
///
/// Nothing shows in the first second, nor where standard error is no terminal.
final class TerminalProgress: ProgressSink {
  private struct State {
    var phase = ""
    var phaseStart: ContinuousClock.Instant
    var nextShow: ContinuousClock.Instant
    var isShown = false
  }

  private let state: Mutex<State>

  private init() {
    let now = ContinuousClock.now
    state = Mutex(State(phaseStart: now, nextShow: now + .seconds(1)))
  }

  /// Runs `body` with a progress line that is gone when it returns or throws.
  static func show<Result>(_ body: (any ProgressSink) throws -> Result) rethrows -> Result {
    guard StandardStreams.messagesGoToTerminal else { return try body(SilentProgress()) }
    let progress = TerminalProgress()
    defer { progress.clear() }
    return try body(progress)
  }

  func update(phase: String, done: Int, total: Int?, unit: String) {
    state.withLock { state in
      let now = ContinuousClock.now
      if phase != state.phase {
        state.phase = phase
        state.phaseStart = now
      }
      guard now >= state.nextShow else { return }
      state.nextShow = now + .milliseconds(100)
      state.isShown = true
      let elapsed = Self.seconds(now - state.phaseStart)
      let line = Self.line(phase: phase, done: done, total: total, unit: unit, elapsed: elapsed)
      StandardStreams.writeMessage("\r\u{1B}[2K\(line)")
    }
  }

  private func clear() {
    state.withLock { state in
      if state.isShown { StandardStreams.writeMessage("\r\u{1B}[2K") }
      state.isShown = false
    }
  }

  private static func line(
    phase: String, done: Int, total: Int?, unit: String, elapsed: Double
  ) -> String {
    var parts = ["\(phase): \(Quantities.count(done)) \(unit)"]
    if let total, total > 0 { parts.append(Quantities.percent(Double(done) / Double(total))) }
    let rate = elapsed > 0.1 ? Double(done) / elapsed : 0
    if rate >= 1 { parts.append("\(Quantities.count(Int(rate)))/s") }
    if let total, rate > 0, total >= done {
      parts.append("\(Quantities.seconds(Double(total - done) / rate)) left")
    }
    return parts.joined(separator: ", ")
  }

  private static func seconds(_ duration: Duration) -> Double {
    let (seconds, attoseconds) = duration.components
    return Double(seconds) + Double(attoseconds) * 1e-18
  }
}

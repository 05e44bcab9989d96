import Hindcast
import Synchronization

/// Shows progress on one line of the terminal: done, share, rate, time left.
///
/// Nothing shows in the first second. Where standard error is no terminal, only what is waited for
/// is said, once.
final class TerminalProgress: ProgressSink {
  private struct State {
    var phase = ""
    var phaseStart: ContinuousClock.Instant
    var nextShow: ContinuousClock.Instant
    var isShown = false
    /// What was said to be waited for.
    var waits: Set<String> = []
  }

  private let isTerminal = StandardStreams.messagesGoToTerminal

  private let state: Mutex<State>

  private init() {
    let now = ContinuousClock.now
    state = Mutex(State(phaseStart: now, nextShow: now + .seconds(1)))
  }

  /// Runs `body` with a progress line that is gone when it returns or throws.
  static func show<Result>(_ body: (any ProgressSink) throws -> Result) rethrows -> Result {
    let progress = TerminalProgress()
    defer { progress.clear() }
    return try body(progress)
  }

  func update(phase: String, done: Int, total: Int?, unit: String) {
    guard isTerminal else { return }
    state.withLock { state in
      guard let elapsed = Self.begin(phase, &state) else { return }
      state.isShown = true
      let line = Self.line(phase: phase, done: done, total: total, unit: unit, elapsed: elapsed)
      StandardStreams.draw("\r\u{1B}[2K\(line)")
    }
  }

  func wait(_ what: String) {
    state.withLock { state in
      guard let elapsed = Self.begin(what, &state) else { return }
      if isTerminal {
        state.isShown = true
        StandardStreams.draw("\r\u{1B}[2K\(what): \(Quantities.seconds(elapsed))")
      } else if elapsed >= 1, state.waits.insert(what).inserted {
        StandardStreams.writeMessage("hindcast: \(what)\n")
      }
    }
  }

  /// How many seconds a phase has taken; nil if it is too early to show anything again.
  private static func begin(_ phase: String, _ state: inout State) -> Double? {
    let now = ContinuousClock.now
    if phase != state.phase {
      state.phase = phase
      state.phaseStart = now
    }
    guard now >= state.nextShow else { return nil }
    state.nextShow = now + .milliseconds(100)
    return seconds(now - state.phaseStart)
  }

  private func clear() {
    state.withLock { state in
      if state.isShown { StandardStreams.draw("\r\u{1B}[2K") }
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

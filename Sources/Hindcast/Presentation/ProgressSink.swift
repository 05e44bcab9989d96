/// Hears how far a long piece of work has come.
public protocol ProgressSink: Sendable {
  /// Called now and then, from any thread, with numbers that only grow within a phase.
  /// - Parameters:
  ///   - phase: what is being done, e.g. `reading labels`.
  ///   - done: how many `unit`s are done.
  ///   - total: how many there will be, nil where nobody knows.
  ///   - unit: what is counted, in the plural: `rows`, `pages`.
  func update(phase: String, done: Int, total: Int?, unit: String)
  /// Called again and again, from any thread, while nothing can be done before something else ends.
  /// - Parameter state: what is done and what is waited for, e.g. `merged; waiting for the writer`.
  func wait(_ state: String)
}

/// Hears nothing.
public struct SilentProgress: ProgressSink {
  /// Creates a sink.
  public init() {}
  /// Does nothing.
  public func update(phase: String, done: Int, total: Int?, unit: String) {}
  /// Does nothing.
  public func wait(_ state: String) {}
}

import HindcastFormat

/// How a stream keeps its log.
public struct StreamOptions: Sendable {
  /// The log goes into segments when it has so many bytes.
  public var logByteLimit: Int
  /// The log goes into segments when it has so many commits.
  public var logCommitLimit: Int
  /// At most so many bytes of rows wait to be written; whoever brings more waits.
  public var waitingByteLimit: Int
  /// Whether rows come in while the log goes into segments, which takes a thread; else they wait.
  public var tidiesInBackground: Bool
  /// Whether segments that pile up are merged.
  public var compacts: Bool
  /// The commits after which the log sets space aside, and the least bytes that it does.
  package var space = LogSpace()

  /// Creates options.
  public init(
    logByteLimit: Int = 16 << 20, logCommitLimit: Int = 4_096, waitingByteLimit: Int = 32 << 20,
    tidiesInBackground: Bool = true, compacts: Bool = true
  ) {
    self.logByteLimit = logByteLimit
    self.logCommitLimit = logCommitLimit
    self.waitingByteLimit = waitingByteLimit
    self.tidiesInBackground = tidiesInBackground
    self.compacts = compacts
  }
}

/// What became of rows that were added to a stream.
public struct StreamReceipt: Hashable, Sendable {
  /// The commit that made them durable; the earlier one if the batch was taken in before.
  public let commitNumber: UInt64
  /// The rows added; 0 if the batch was taken in before.
  public let rowCount: Int
  /// Whether the batch was taken in before, so that nothing was done.
  public let isDuplicate: Bool
}

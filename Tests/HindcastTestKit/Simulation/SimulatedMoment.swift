import HindcastCore

/// A simulated disk at one moment, from which new ones start.
public struct SimulatedMoment: Sendable {
  /// The number of the call that comes next.
  public let step: Int
  /// What that call makes durable; nil if it changes something.
  public let synchronizes: Synchronized?
  var disk: SimulatedDisk
  let random: SplitMix64
  let clock: Instant
}

/// What a call makes durable.
public enum Synchronized: Sendable {
  /// The bytes of a file.
  case file
  /// The names in a directory.
  case directory
}

extension SimulatedFileSystem.State {
  func moment(synchronizes: Synchronized? = nil) -> SimulatedMoment {
    SimulatedMoment(
      step: stepCount, synchronizes: synchronizes, disk: disk, random: random, clock: clock)
  }
}

/// How one call fails.
public struct SimulatedFailure: Sendable, CustomStringConvertible {
  /// What becomes of the call.
  public enum Outcome: Sendable {
    /// It fails, and the caller hears of it.
    case error
    /// A signal interrupts it (EINTR), which the caller must not notice.
    case interruption
    /// If it is a write, it takes a part of the bytes alone, which the caller must not notice.
    case shortWrite
  }

  /// What becomes of the call.
  public var outcome: Outcome
  /// What the system says.
  public var reason: String
  /// How much of a write that fails is written all the same.
  public var writtenShare: Double
  /// Whether a failed synchronisation loses what it was to write, as Linux does: programs see it
  /// still, and the next synchronisation says that all is well.
  public var dropsData: Bool
  var step = 0

  /// Creates a failure.
  public init(
    reason: String, outcome: Outcome = .error, writtenShare: Double = 0.5, dropsData: Bool = false
  ) {
    self.reason = reason
    self.outcome = outcome
    self.writtenShare = writtenShare
    self.dropsData = dropsData
  }

  /// What it is, in a few words.
  public var description: String {
    "\(reason) (simulated at step \(step)\(dropsData ? ", what was to be written is lost" : ""))"
  }
}

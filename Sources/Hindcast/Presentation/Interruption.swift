public import HindcastCore
import Synchronization

/// Whether the user asked to stop.
///
/// A command's signal handler asks, long loops check between batches and throw, so that temporary
/// files are removed on the way out and no partial result stays.
public enum Interruption {
  private static let requested = Atomic<Bool>(false)

  /// Asks all loops of the process to stop.
  ///
  /// Safe in a signal handler once ``isRequested`` was read.
  public static func request() { requested.store(true, ordering: .relaxed) }

  /// Whether a stop was asked for.
  public static var isRequested: Bool { requested.load(ordering: .relaxed) }

  /// Throws if a stop was asked for.
  /// - Throws: ``HindcastError`` (`cancelled`).
  public static func check() throws(HindcastError) {
    if isRequested { throw HindcastError(.cancelled, "interrupted; nothing was written") }
  }
}

import Synchronization

/// Counts the Arrow structures that were taken over and lent, and those released again, so that a
/// test can prove that each is released exactly once.
///
/// A structure is booked where it was made, whatever thread lets it go.
package final class ArrowLedger: Sendable {
  /// Where structures made in this task are booked: the process's ledger unless a test sets its
  /// own.
  @TaskLocal package static var current = ArrowLedger()

  private let takenCount = Atomic<Int>(0)
  private let releasedCount = Atomic<Int>(0)
  private let lentCount = Atomic<Int>(0)
  private let returnedCount = Atomic<Int>(0)

  /// Starts with nothing booked.
  package init() {}

  /// Streams, arrays and writers taken over.
  package var taken: Int { takenCount.load(ordering: .sequentiallyConsistent) }
  /// Those of ``taken`` that were released.
  package var released: Int { releasedCount.load(ordering: .sequentiallyConsistent) }
  /// Arrays and schemas lent to another library, children counted by themselves.
  package var lent: Int { lentCount.load(ordering: .sequentiallyConsistent) }
  /// Those of ``lent`` that were given back.
  package var returned: Int { returnedCount.load(ordering: .sequentiallyConsistent) }

  func noteTaken() { takenCount.add(1, ordering: .sequentiallyConsistent) }
  func noteReleased() { releasedCount.add(1, ordering: .sequentiallyConsistent) }
  func noteLent() { lentCount.add(1, ordering: .sequentiallyConsistent) }
  func noteReturned() { returnedCount.add(1, ordering: .sequentiallyConsistent) }
}

import Synchronization

/// Counts the Arrow structures that this process took over and let go, so that tests can prove that
/// each is released exactly once.
package enum ArrowAccounting {
  private static let taken = Atomic<Int>(0)
  private static let released = Atomic<Int>(0)
  private static let lent = Atomic<Int>(0)
  private static let returned = Atomic<Int>(0)

  /// Streams and arrays taken over and not yet released.
  package static var liveImports: Int {
    taken.load(ordering: .sequentiallyConsistent)
      - released.load(ordering: .sequentiallyConsistent)
  }

  /// Arrays and schemas lent to another library and not yet given back.
  package static var liveExports: Int {
    lent.load(ordering: .sequentiallyConsistent)
      - returned.load(ordering: .sequentiallyConsistent)
  }

  static var wasUsed: Bool { taken.load(ordering: .relaxed) + lent.load(ordering: .relaxed) > 0 }

  static func noteTaken() { taken.add(1, ordering: .sequentiallyConsistent) }
  static func noteReleased() { released.add(1, ordering: .sequentiallyConsistent) }
  static func noteLent() { lent.add(1, ordering: .sequentiallyConsistent) }
  static func noteReturned() { returned.add(1, ordering: .sequentiallyConsistent) }
}

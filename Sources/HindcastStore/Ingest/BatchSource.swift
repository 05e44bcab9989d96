import HindcastCore
import Synchronization

/// Sorted rows, a batch at a time.
protocol BatchSource: AnyObject {
  /// The next rows in segment order, at least one; nil at the end.
  func next() throws(HindcastError) -> VersionBatch?
}

/// Sorted rows of which the next batches are made while the last one is used.
final class BatchesAhead: BatchSource {
  private let lanes: Lanes
  private let ahead: Ahead
  /// How many batches were asked of the source and not taken yet.
  private var asked = 0

  /// So many batches are made ahead.
  private static let depth = 2

  /// What the thread that makes batches and the one that takes them have in common.
  private final class Ahead: @unchecked Sendable {
    private let source: any BatchSource
    private let made = Mutex<[VersionBatch]>([])
    private var isAtEnd = false

    init(_ source: any BatchSource) { self.source = source }

    func make() throws(HindcastError) {
      guard !isAtEnd else { return }
      guard let batch = try source.next() else { return isAtEnd = true }
      made.withLock { $0.append(batch) }
    }

    func take() -> VersionBatch? { made.withLock { $0.isEmpty ? nil : $0.removeFirst() } }
  }

  /// - Parameter overlaps: whether to make batches ahead, or when they are asked for.
  init(_ source: any BatchSource, overlaps: Bool) {
    lanes = Lanes(threads: 1, overlaps: overlaps)
    ahead = Ahead(source)
  }

  func next() throws(HindcastError) -> VersionBatch? {
    while asked < (lanes.overlaps ? 1 + Self.depth : 1) {
      lanes.add { [ahead] () throws(HindcastError) in try ahead.make() }
      asked += 1
    }
    try lanes.wait(exceptLast: asked - 1)
    asked -= 1
    return ahead.take()
  }
}

import HindcastCore

/// Chunks of labels in their order, each read and resolved while the one before is gathered.
final class ResolvedChunks {
  /// A chunk's labels, and for each view the rows that answer them.
  struct Chunk: Sendable {
    let labels: LabelChunk
    let views: [ResolvedView]
  }

  private let lanes = Lanes(threads: 1)
  private let ahead: Ahead
  /// Whether a chunk was asked for that was not taken yet.
  private var isAsked = false

  /// What the thread that resolves alone touches while it does.
  private final class Ahead: @unchecked Sendable {
    var source: LabelSource
    var views: [ViewJoin]
    private let chunkRows: Int
    private let memoryBytes: Int
    private var isAtEnd = false
    var made: Chunk?

    init(_ source: LabelSource, _ views: [ViewJoin], _ chunkRows: Int, _ memoryBytes: Int) {
      self.source = source
      self.views = views
      self.chunkRows = chunkRows
      self.memoryBytes = memoryBytes
    }

    func make() throws(HindcastError) {
      guard !isAtEnd else { return }
      guard let labels = try source.next(rows: chunkRows, memoryBytes: memoryBytes) else {
        return isAtEnd = true
      }
      made = Chunk(labels: labels, views: try views.resolve(labels, of: source))
    }
  }

  init(_ source: LabelSource, _ views: [ViewJoin], chunkRows: Int, memoryBytes: Int) {
    ahead = Ahead(source, views, chunkRows, memoryBytes)
  }

  /// The next chunk; nil at the end.
  /// - Throws: what failed of it.
  func next() throws(HindcastError) -> Chunk? {
    if !isAsked { ask() }
    try lanes.wait()
    let chunk = ahead.made.take()
    isAsked = false
    if lanes.overlaps, chunk != nil { ask() }
    return chunk
  }

  private func ask() {
    lanes.add { [ahead] () throws(HindcastError) in try ahead.make() }
    isAsked = true
  }

  /// The labels and the views, when all chunks were taken.
  var rest: (source: LabelSource, views: [ViewJoin]) { (ahead.source, ahead.views) }

  /// Waits until nothing is resolved any more, whatever became of it.
  func drain() { lanes.drain() }
}

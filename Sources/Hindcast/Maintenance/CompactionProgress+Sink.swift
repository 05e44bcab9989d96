import HindcastStore

extension CompactionProgress {
  /// Shows how far a rewriting of a group has come.
  ///
  /// - Parameters:
  ///   - doing: what is done to the group, such as "merging".
  ///   - done: what is so once it waits for the writer, such as "merged".
  func show(_ doing: String, done: String, of name: String, on progress: any ProgressSink) {
    switch self {
    case .rows(let count, let total):
      progress.update(phase: "\(doing) \(name)", done: count, total: total, unit: "rows")
    case .waitingForWriter:
      progress.wait("\(done) \(name); waiting for the writer that holds the store")
    case .published: break
    }
  }
}

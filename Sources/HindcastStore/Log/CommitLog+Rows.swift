import HindcastCore

/// Hears of rows in the log: their commit, their group, and what reads the keys of their records.
typealias LoggedRowsVisitor = (
  UInt64, UInt32, () throws(HindcastError) -> KeyVector
) throws(HindcastError) -> Void

extension CommitLog {
  /// Calls `body` for each log file that holds a commit: with its number, the commits in it, and a
  /// function that goes through the rows of all of them, rolled or not, of snapshots that are kept
  /// or given up.
  ///
  /// O(bytes of the logs) if all keys are read.
  func forEachLog(
    _ body: (
      UInt64, ClosedRange<UInt64>, (LoggedRowsVisitor) throws(HindcastError) -> Void
    ) throws(HindcastError) -> Void
  ) throws(HindcastError) {
    let logs = try frames.logNumbers()
    for (index, log) in logs.enumerated() {
      let next = index + 1 < logs.count ? logs[index + 1] : .max
      let frames = try frames.frames(of: log, below: next)
      guard let first = frames.first?.number, let last = frames.last?.number else { continue }
      let path = layout.log(log)
      try body(log, first...last) { (visit) throws(HindcastError) in
        for frame in frames {
          // What is before the commit may be gone: nothing but the commit itself is read.
          let commit = try Commit(
            frame.bytes, number: frame.number, storeID: storeID, file: path, place: frame.place)
          for case .addRows(let groupID, let payload) in commit.edits {
            try visit(frame.number, groupID) { () throws(HindcastError) in
              try payload.keys(file: path)
            }
          }
        }
      }
    }
  }
}

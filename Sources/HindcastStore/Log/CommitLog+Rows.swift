import HindcastCore

/// Hears of rows in the log: their commit, their group, and what reads them.
typealias LoggedRowsVisitor = (
  UInt64, UInt32, () throws(HindcastError) -> VersionBatch
) throws(HindcastError) -> Void

extension CommitLog {
  /// Calls `body` for each log file that holds a commit: with its number, the commits in it, and a
  /// function that goes through the rows of all of them, rolled or not.
  ///
  /// O(bytes of the logs) if all rows are read.
  func forEachLog(
    _ body: (
      UInt64, ClosedRange<UInt64>, (LoggedRowsVisitor) throws(HindcastError) -> Void
    ) throws(HindcastError) -> Void
  ) throws(HindcastError) {
    let logs = try frames.logNumbers()
    for (index, log) in logs.enumerated() {
      let next = index + 1 < logs.count ? logs[index + 1] : .max
      let numbers = try frames.frames(of: log, below: next).map(\.number)
      guard let first = numbers.first, let last = numbers.last else { continue }
      try body(log, first...last) { (visit) throws(HindcastError) in
        var state: Catalogue?
        for number in numbers {
          let commit = try self.commit(number)
          state = try catalogue(at: number, from: state)
          for case .addRows(let groupID, let payload) in commit.edits {
            guard let group = state?.group(id: groupID) else { continue }
            try visit(number, groupID) { () throws(HindcastError) in
              try payload.batch(of: group.definition, file: layout.log(log))
            }
          }
        }
      }
    }
  }
}

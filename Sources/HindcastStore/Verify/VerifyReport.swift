public import HindcastCore

/// What an inspection of a whole store found.
public struct VerifyReport: Sendable {
  /// Commits that were read.
  public var commitCount = 0
  /// Segments that were looked at.
  public var segmentCount = 0
  /// Rows that their commits say they hold.
  public var rowCount = 0
  /// Bytes that their commits say they have.
  public var byteCount = 0
  /// Pages that were decoded; 0 unless the inspection was deep.
  public var pageCount = 0
  /// How long it took; 0 where nobody measured.
  public var seconds = 0.0
  /// All that is wrong; empty if the store is sound.
  public var problems: [HindcastError] = []
  /// Files that no kept snapshot needs: what a writer has under way, or left behind when it died,
  /// and what readers of expired snapshots still use.
  ///
  /// The next writer removes them; they do no harm.
  public var leftovers: [String] = []
  /// What follows the last commit of a log: it was under way when its writer died, is being written
  /// now, or was damaged later.
  ///
  /// Nobody reads it, and nothing says that it ever was a commit.
  public var logTails: [LogTail] = []
  /// Files with erased records that a reader may still have open.
  public var pendingErasures: [PendingErasure] = []

  /// Damaged segments that their groups go on without, with the groups' names.
  public var quarantined: [(group: String, segment: QuarantinedSegment)] = []

  /// Whether nothing is wrong.
  public var isSound: Bool { problems.isEmpty }
}

/// How far an inspection has come.
public struct VerifyProgress: Sendable {
  /// Segments done.
  public var segmentsDone: Int
  /// Segments in all.
  public var segmentCount: Int
  /// Bytes of the segments done.
  public var bytesDone: Int
  /// Bytes of all segments.
  public var byteCount: Int
}

extension Store {
  /// Looks at everything in the store and lists what is wrong; does not stop at the first find.
  ///
  /// Reads all commits, all checkpoints and the ends of all segments; a *deep* inspection decodes
  /// every page of every segment, and checks the order of the rows and all counts against what the
  /// commits say. Changes nothing.
  /// - Parameter progress: is told after each page of a deep inspection, and after each segment.
  /// - Throws: ``HindcastError`` (`io`) if the folder itself can't be read.
  public func verify(
    deep: Bool, progress: (VerifyProgress) -> Void = { _ in }
  ) throws(HindcastError) -> VerifyReport {
    var verifier = StoreVerifier(store: self)
    try verifier.checkCommits()
    verifier.checkSegments(deep: deep, progress: progress)
    verifier.listQuarantine()
    try verifier.findLogTails()
    do throws(HindcastError) {
      try verifier.findLeftovers()
    } catch {
      guard error.code == .corrupt else { throw error }
      var report = verifier.report
      report.problems.append(error)
      return report
    }
    return verifier.report
  }
}

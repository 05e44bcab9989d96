import HindcastCore
import HindcastFormat

/// Goes through a store, file by file.
struct StoreVerifier {
  private let store: Store
  private var catalogue = Catalogue()
  /// Whether ``catalogue`` is that of the latest snapshot.
  private var isUpToDate = false
  private(set) var report = VerifyReport()
  /// Checkpoints that were not looked at.
  private var unread: Set<UInt64> = []

  init(store: Store) {
    self.store = store
  }

  /// Reads all commits that are kept, the later ones one on the other without checkpoints, and
  /// compares those with them.
  ///
  /// Behind a damaged one it goes on from the next checkpoint; those between, or all that follow if
  /// there is none, are read each by itself.
  mutating func checkCommits() throws(HindcastError) {
    // In this order: a writer may go on meanwhile, and a checkpoint comes after its commit.
    let checkpoints = try store.fileSystem.listIfThere(store.layout.checkpoints)
    let names = try store.fileSystem.list(store.layout.commits)
    let logged = try lastLogged()
    let latest = max(names.compactMap(StoreLayout.number).max() ?? 0, logged)
    let checkpointed = checkpoints.compactMap(StoreLayout.number).sorted()
    unread = Set(checkpointed)
    let retention = retention()
    for number in retention.namedBefore {
      unread.remove(number)
      reporting { verifier throws(HindcastError) in _ = try verifier.base(number) }
    }
    reporting { verifier throws(HindcastError) in
      guard latest > 0 else { throw verifier.store.log.missing(1) }
      if retention.firstKept > 1 { verifier.catalogue = try verifier.base(retention.firstKept) }
    }
    unread.remove(retention.firstKept)
    var isReadable = retention.firstKept == 1 || catalogue.number > 0
    while catalogue.number < latest {
      let number = catalogue.number
      if isReadable {
        reporting { verifier throws(HindcastError) in try verifier.applyNext() }
        isReadable = catalogue.number > number
        if isReadable, unread.remove(number + 1) != nil { checkCheckpoint(number + 1) }
      } else {
        let damaged = max(number + 1, retention.firstKept)
        goOn(from: checkpointed.filter { $0 > damaged && $0 <= latest }, after: damaged)
        isReadable = catalogue.number > number
        try readCommits(damaged + 1..<(isReadable ? catalogue.number : latest + 1))
        if !isReadable { break }
      }
    }
    isUpToDate = latest > 0 && catalogue.number == latest
    for number in unread.sorted() {
      reporting { verifier throws(HindcastError) in
        if number > latest { throw verifier.withoutCommit(number) }
        _ = try verifier.store.log.readCheckpoint(number)
      }
    }
  }

  private func withoutCommit(_ checkpoint: UInt64) -> HindcastError {
    HindcastError(
      .corrupt, "this checkpoint is of commit \(checkpoint), which is not there",
      at: .init(file: store.layout.checkpoint(checkpoint)))
  }

  /// Lists what goes wrong in `body`.
  private mutating func reporting(
    _ body: (inout StoreVerifier) throws(HindcastError) -> Void
  ) {
    do throws(HindcastError) {
      try body(&self)
    } catch {
      report.problems.append(error)
    }
  }

  /// Goes on from the first of the checkpoints after `damaged` that can be read.
  private mutating func goOn(from checkpoints: [UInt64], after damaged: UInt64) {
    let before = catalogue.number
    for number in checkpoints where catalogue.number == before {
      unread.remove(number)
      reporting { verifier throws(HindcastError) in
        verifier.catalogue = try verifier.base(number)
      }
    }
  }

  /// Reads commits each by itself, as far as they are there: which of them have to be can't be told
  /// where the last commits can't be read.
  private mutating func readCommits(_ numbers: Range<UInt64>) throws(HindcastError) {
    for number in numbers {
      let hasFile = try store.fileSystem.status(store.layout.commit(number)) != nil
      let isLogged = try store.log.frames.frame(number) != nil
      guard hasFile || isLogged else { continue }
      reporting { verifier throws(HindcastError) in
        _ = try verifier.store.log.commit(number)
        verifier.report.commitCount += 1
      }
    }
  }

  /// The last commit of the log; 0 if there is none, or the log is damaged, which is reported.
  private mutating func lastLogged() throws(HindcastError) -> UInt64 {
    do {
      return try store.log.frames.last()?.number ?? 0
    } catch {
      guard error.code == .corrupt else { throw error }
      report.problems.append(error)
      return 0
    }
  }

  /// Reads the rows that a commit of the log holds.
  private mutating func checkRows(_ commit: Commit) {
    for case .addRows(let groupID, let payload) in commit.edits {
      guard let group = catalogue.group(id: groupID) else { continue }
      do {
        _ = try payload.batch(of: group.definition, file: store.log.path(of: commit))
      } catch {
        report.problems.append(error)
      }
    }
  }

  /// What the store keeps, as far as it can be told.
  private func retention() -> Retention {
    if let latest = try? store.latest() { return latest.retention }
    let checkpoint = (try? store.log.checkpoint(before: .max)).flatMap { $0 }
    return checkpoint?.retention ?? Retention()
  }

  private mutating func applyNext() throws(HindcastError) {
    let number = catalogue.number + 1
    let commit = try store.log.commit(number)
    let path = store.log.path(of: commit)
    if commit.time < catalogue.time, number > 1 {
      report.problems.append(
        HindcastError(
          .corrupt, "commit \(number) is of a time before that of commit \(number - 1)",
          at: .init(file: path)))
    }
    try catalogue.apply(commit, file: path)
    checkRows(commit)
    report.commitCount += 1
  }

  /// The catalogue of a snapshot before which commits were expired, from its own checkpoint.
  private mutating func base(_ number: UInt64) throws(HindcastError) -> Catalogue {
    let commit = try store.log.commit(number)
    let checkpoint = try store.log.readCheckpoint(number)
    guard checkpoint.checksum == commit.checksum else {
      throw HindcastError(
        .corrupt, "this checkpoint is not of commit \(number): restore this file from a backup",
        at: .init(file: store.layout.checkpoint(number)))
    }
    report.commitCount += 1
    return checkpoint
  }

  private mutating func checkCheckpoint(_ number: UInt64) {
    do throws(HindcastError) {
      let checkpoint = try store.log.readCheckpoint(number)
      let id = store.log.storeID
      guard checkpoint.checkpoint(storeID: id) == catalogue.checkpoint(storeID: id) else {
        throw HindcastError(
          .corrupt,
          "this checkpoint is not what the commits amount to: remove it, everything in it is in "
            + "them",
          at: .init(file: store.layout.checkpoint(number)))
      }
    } catch {
      report.problems.append(error)
    }
  }

  /// Looks at every segment that any kept snapshot names, those in quarantine aside.
  ///
  /// What commits that can't be read took out may be gone.
  mutating func checkSegments(deep: Bool, progress: (VerifyProgress) -> Void) {
    let work = catalogue.groups.flatMap { group in
      group.allSegments.filter { isUpToDate || isThere($0) }.map { (group, $0) }
    }
    var state = VerifyProgress(
      segmentsDone: 0, segmentCount: work.count, bytesDone: 0,
      byteCount: work.reduce(0) { $0 + $1.1.byteCount })
    for group in catalogue.groups {
      report.rowCount += group.logged.reduce(0) { $0 + $1.rowCount }
      report.byteCount += group.loggedByteCount
    }
    for (group, reference) in work {
      var check = SegmentCheck(store: store, group: group.definition, reference: reference)
      let before = state.bytesDone
      check.run(deep: deep) { byteCount in
        state.bytesDone = min(state.bytesDone + byteCount, before + reference.byteCount)
        progress(state)
      }
      report.problems += check.problems
      report.pageCount += check.pageCount
      report.segmentCount += 1
      report.rowCount += reference.rowCount
      report.byteCount += reference.byteCount
      state.segmentsDone += 1
      state.bytesDone = before + reference.byteCount
      progress(state)
    }
  }

  private func isThere(_ reference: SegmentReference) -> Bool {
    (try? store.fileSystem.status(store.layout.segment(reference.uid))).flatMap { $0 } != nil
  }

  /// Tells which segments are in quarantine, and which of them were put back with erased records.
  mutating func listQuarantine() {
    for group in catalogue.groups {
      for segment in group.quarantined {
        report.quarantined.append((group.definition.name, segment))
        // What is damaged is for a repair to move.
        if let error = (try? store.returnedRecords(segment, of: group)) ?? nil {
          report.problems.append(error)
        }
      }
    }
  }

  /// Lists what follows the last commits of logs.
  mutating func findLogTails() throws(HindcastError) {
    for log in try store.log.frames.logNumbers() {
      do {
        if let tail = try store.log.frames.tail(of: log) { report.logTails.append(tail) }
      } catch {
        // A damaged log is a problem, which whoever needs its commits reports.
        guard error.code == .corrupt else { throw error }
      }
    }
  }

  /// Lists files that no kept snapshot needs; none where commits can't be read that may name them.
  mutating func findLeftovers() throws(HindcastError) {
    guard isUpToDate else { return }
    let layout = store.layout
    let leftovers = Leftovers(log: store.log)
    let expired = ExpiredFiles(log: store.log)
    let temporary = try store.fileSystem.listIfThere(layout.temporary)
    var expiredFiles = try expired.commits(catalogue).filter { !$0.isKept }.map(\.path)
    expiredFiles += try expired.checkpoints(catalogue).map(layout.checkpoint)
    report.pendingErasures = try ErasedFiles(log: store.log).pending(catalogue)
    report.leftovers =
      temporary.map { layout.temporary + "/" + $0 }.sorted()
      + expiredFiles
      + (try leftovers.orphans(catalogue)).map { layout.segments + "/" + $0 }.sorted()
  }
}

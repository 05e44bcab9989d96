import HindcastCore
import HindcastFormat

/// Goes through a store, file by file.
struct StoreVerifier {
  private let store: Store
  private var catalogue = Catalogue()
  private(set) var report = VerifyReport()

  init(store: Store) {
    self.store = store
  }

  /// Reads all commits that are kept, the later ones one on the other without checkpoints, and
  /// compares those with them.
  mutating func checkCommits() throws(HindcastError) {
    let names = try store.fileSystem.list(store.layout.commits)
    let latest = names.compactMap(StoreLayout.number).max() ?? 0
    let checkpoints = try store.fileSystem.list(store.layout.checkpoints)
    var unread = Set(checkpoints.compactMap(StoreLayout.number))
    let retention = retention()
    for number in retention.namedBefore { unread.remove(number) }
    do throws(HindcastError) {
      for number in retention.namedBefore { _ = try base(number) }
      guard latest > 0 else { throw missing(1) }
      if retention.firstKept > 1 {
        catalogue = try base(retention.firstKept)
        unread.remove(retention.firstKept)
      }
      while catalogue.number < latest {
        try applyNext()
        if unread.remove(catalogue.number) != nil { checkCheckpoint(catalogue.number) }
      }
    } catch {
      // What follows a bad commit can't be told; the segments up to it still can.
      report.problems.append(error)
    }
    for number in unread.sorted() where number > latest {
      report.problems.append(
        HindcastError(
          .corrupt, "this checkpoint is of commit \(number), which is not there",
          at: .init(file: store.layout.checkpoint(number))))
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
    let path = store.layout.commit(number)
    guard try store.fileSystem.status(path) != nil else { throw missing(number) }
    let commit = try store.log.commit(number)
    if commit.time < catalogue.time, number > 1 {
      report.problems.append(
        HindcastError(
          .corrupt, "commit \(number) is of a time before that of commit \(number - 1)",
          at: .init(file: path)))
    }
    try catalogue.apply(commit, file: path)
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

  private func missing(_ number: UInt64) -> HindcastError {
    HindcastError(
      .corrupt, "commit \(number) is missing: restore this file from a backup",
      at: .init(file: store.layout.commit(number)))
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

  /// Looks at every segment that any kept snapshot names.
  mutating func checkSegments(deep: Bool, progress: (VerifyProgress) -> Void) {
    let work = catalogue.groups.flatMap { group in group.segments.map { (group, $0) } }
    var state = VerifyProgress(
      segmentsDone: 0, segmentCount: work.count, bytesDone: 0,
      byteCount: work.reduce(0) { $0 + $1.1.byteCount })
    for (group, reference) in work {
      var check = SegmentCheck(store: store, group: group.definition, reference: reference)
      check.run(deep: deep)
      report.problems += check.problems
      report.pageCount += check.pageCount
      report.segmentCount += 1
      report.rowCount += reference.rowCount
      report.byteCount += reference.byteCount
      state.segmentsDone += 1
      state.bytesDone += reference.byteCount
      progress(state)
    }
  }

  /// Lists files that no kept snapshot needs.
  mutating func findLeftovers() throws(HindcastError) {
    let layout = store.layout
    let leftovers = Leftovers(log: store.log)
    let expired = ExpiredFiles(log: store.log)
    let temporary = try store.fileSystem.list(layout.temporary)
    report.leftovers =
      temporary.map { layout.temporary + "/" + $0 }.sorted()
      + (try expired.commits(catalogue)).map(layout.commit)
      + (try expired.checkpoints(catalogue)).map(layout.checkpoint)
      + (try leftovers.orphans(catalogue)).map { layout.segments + "/" + $0 }.sorted()
  }
}

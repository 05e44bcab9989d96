public import HindcastCore
import HindcastFormat

extension StoreWriter {
  /// Gives a snapshot a name: it stays for as long as it has one.
  ///
  /// Returns nil, and commits nothing, if it has that name already.
  /// - Throws: `invalid_argument` if the name is none, `already_exists` if another snapshot has it,
  ///   `not_found` or `expired` if there is no such snapshot.
  @discardableResult
  public func tag(_ number: UInt64, as name: String) throws(HindcastError) -> CommitRecord? {
    guard SnapshotName.isValid(name) else {
      throw HindcastError(
        .invalidArgument,
        "'\(name)' can't name a snapshot: use a letter, then letters, digits, '_', '-' and '.', "
          + "\(SnapshotName.byteLimit) at most")
    }
    guard !SnapshotName.reserved.contains(name.lowercased()) else {
      throw HindcastError(
        .invalidArgument,
        "'\(name)' can't name a snapshot: it would be taken for the snapshot that is the latest")
    }
    try store.checkKept(number, catalogue)
    if let other = catalogue.retention.names[name] {
      if other == number { return nil }
      throw HindcastError(
        .alreadyExists,
        "snapshot \(other) has the name '\(name)': take it away with 'hindcast snapshots untag "
          + "\(name)' first, or choose another")
    }
    return try publish([.nameSnapshot(number: number, name: name)], note: "tag")
  }

  /// Takes a snapshot's name away.
  ///
  /// A snapshot before the first one that is kept without a name is given up with its last name.
  /// - Throws: `not_found` with the nearest names.
  @discardableResult
  public func untag(_ name: String) throws(HindcastError) -> ExpiryReport {
    let before = catalogue
    let number = try before.retention.number(named: name)
    let record = try publish([.forgetName(name)], note: "untag")
    var report = ExpiryReport(firstKept: catalogue.retention.firstKept)
    report.commit = record.number
    guard !catalogue.retention.keeps(number) else { return report }
    report.expired = [number...number]
    try removeExpired(since: before, &report)
    return report
  }

  /// Gives up snapshots, except those that have a name, and removes what only they needed.
  ///
  /// Commits nothing if there is none to give up. Snapshots that readers use stay on disk until a
  /// writer comes after those are done.
  /// - Throws: `invalid_argument` for a policy that keeps nothing; `io` if a file can't be removed:
  ///   the snapshots are given up all the same, and the next writer removes it.
  @discardableResult
  public func expire(_ policy: ExpiryPolicy) throws(HindcastError) -> ExpiryReport {
    try checkUsable()
    let before = catalogue
    var report = try store.plan(policy, before)
    guard !report.expired.isEmpty else { return report }
    // The snapshots that stay are read from checkpoints of their own from now on. Those that were
    // before have them, or are damaged, which is no reason to keep others.
    let bases = Set(report.named.values).union([report.firstKept])
      .subtracting(before.retention.namedBefore)
    try poisoning { () throws(HindcastError) in
      for number in bases.sorted() { try store.log.ensureCheckpoint(number) }
      try fileSystem.synchronizeDirectory(layout.checkpoints)
    }
    report.commit = try publish([.expireSnapshots(before: report.firstKept)], note: "expire").number
    try removeExpired(since: before, &report)
    return report
  }

  /// Removes the files that only snapshots needed which were kept before.
  private func removeExpired(
    since before: Catalogue, _ report: inout ExpiryReport
  ) throws(HindcastError) {
    let pinned = try ExpiredFiles(log: store.log).remove(keeping: catalogue)
    report.pinned = pinned.numbers
    let going = before.neededSegments.subtracting(catalogue.neededSegments)
    report.segmentCount = 0
    report.byteCount = 0
    let uids = going.subtracting(pinned.segments)
    for uid in uids.sorted(by: { $0.description < $1.description }) {
      let path = layout.segment(uid)
      guard let status = try fileSystem.status(path) else { continue }
      try fileSystem.removeFile(path)
      report.segmentCount += 1
      report.byteCount += status.byteCount
    }
  }
}

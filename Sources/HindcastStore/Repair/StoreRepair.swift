public import HindcastCore
import HindcastFormat

/// What a repair found and did.
public struct RepairReport: Sendable {
  /// The damaged segments that the latest snapshot names, with what is lost.
  public var losses: [SegmentLoss] = []
  /// The commit that took them out of their groups; nil if there was none, or on a dry run.
  public var commit: CommitRecord?
  /// What is wrong and can't be repaired, or is not damage: a commit, a checkpoint, a segment of
  /// older snapshots alone, a disk that refuses, a newer version's file.
  public var others: [HindcastError] = []
  /// Files of segments in quarantine that were moved to their folder.
  public var movedFiles: [String] = []
  /// Whole files of segments in quarantine, put back by someone: snapshots before these were taken
  /// out read them again, so they stay.
  public var wholeFiles: [String] = []
}

extension Store {
  /// Goes on without segments that are damaged or missing.
  ///
  /// Reads every page of every segment that a kept snapshot names. One commit takes those of the
  /// latest that are damaged out of their groups; then their files are moved to `quarantine/`, and
  /// stay there.
  /// Later snapshots answer without them; earlier ones fail where they need them. A repair that was
  /// interrupted is finished by the next. A whole file that was put back stays where it is.
  ///
  /// A disk that refuses to read, and files that a newer version wrote, are no damage: they are
  /// reported and left alone.
  /// - Parameters:
  ///   - isDryRun: finds and reports only, without a writer's lock.
  ///   - progress: is told after each page.
  /// - Throws: `busy` if someone else writes; `corrupt` if a commit is damaged; `io`.
  public func repair(
    isDryRun: Bool, progress: (VerifyProgress) -> Void = { _ in }
  ) throws -> RepairReport {
    var report = RepairReport()
    var verifier = StoreVerifier(store: self)
    try verifier.checkCommits()
    report.others = verifier.report.problems
    let snapshot = try snapshot()
    let catalogue = try catalogue(at: snapshot.number)
    let toMove = try findDamage(catalogue, &report, progress)
    if isDryRun || report.losses.isEmpty && toMove.isEmpty { return report }
    try withWriter { writer in
      report.commit = try writer.quarantine(report.losses)
      report.movedFiles = try writer.moveQuarantined(
        toMove + report.losses.map(\.reference.uid))
    }
    return report
  }

  /// A segment whose file is read, and its group.
  private typealias Work = (
    group: Catalogue.GroupState, reference: SegmentReference, quarantined: QuarantinedSegment?
  )

  /// Reads every segment, and those in quarantine whose files are still, or again, among them;
  /// returns which of these are damaged.
  private func findDamage(
    _ catalogue: Catalogue, _ report: inout RepairReport, _ progress: (VerifyProgress) -> Void
  ) throws(HindcastError) -> [SegmentUID] {
    var toMove: [SegmentUID] = []
    let work = try work(catalogue)
    var state = VerifyProgress(
      segmentsDone: 0, segmentCount: work.count, bytesDone: 0,
      byteCount: work.reduce(0) { $0 + $1.reference.byteCount })
    for (group, reference, quarantined) in work {
      let before = state.bytesDone
      var check = SegmentCheck(store: self, group: group.definition, reference: reference)
      check.run(deep: true) { byteCount in
        state.bytesDone = min(state.bytesDone + byteCount, before + reference.byteCount)
        progress(state)
      }
      state.segmentsDone += 1
      state.bytesDone = before + reference.byteCount
      progress(state)
      report.others += check.problems.filter { !$0.isDamage }
      let damage = check.problems.filter(\.isDamage)
      if let quarantined, check.problems.isEmpty {
        try report.add(whole: quarantined, of: group, in: self)
      }
      guard !damage.isEmpty else { continue }
      if quarantined != nil {
        toMove.append(reference.uid)
        continue
      }
      if let end = group.end(of: reference) {
        report.others += damage.map { $0.ofSnapshots(before: end) }
        continue
      }
      let reader = try? StoredSegment(reference: reference, pool: segments).reader()
      report.losses.append(
        SegmentLoss(
          group: group.definition.name, reference: reference, problems: damage, reader: reader))
    }
    return toMove
  }

  private func work(_ catalogue: Catalogue) throws(HindcastError) -> [Work] {
    var work: [Work] = []
    for group in catalogue.groups {
      work += group.allSegments.map { (group, $0, nil) }
      for segment in group.quarantined
      where try fileSystem.status(layout.segment(segment.reference.uid)) != nil {
        work.append((group, segment.reference, segment))
      }
    }
    return work
  }
}

extension RepairReport {
  /// Adds the file of a segment in quarantine that is whole among the segments.
  fileprivate mutating func add(
    whole segment: QuarantinedSegment, of group: Catalogue.GroupState, in store: Store
  ) throws(HindcastError) {
    if let error = try store.returnedRecords(segment, of: group) {
      others.append(error)
    } else {
      wholeFiles.append(store.layout.segment(segment.reference.uid))
    }
  }
}

extension Catalogue.GroupState {
  /// The first commit whose snapshot does not name a segment any more; nil if the latest one does.
  fileprivate func end(of reference: SegmentReference) -> UInt64? {
    let replacedAt = replaced.first { $0.reference.uid == reference.uid }?.replacedAt
    return [replacedAt, droppedAt].compactMap { $0 }.min()
  }
}

extension HindcastError {
  /// Damage that no answer from a later snapshot is touched by.
  fileprivate func ofSnapshots(before end: UInt64) -> HindcastError {
    var error = self
    error.message +=
      "; only snapshots before \(end) need it: restore it from a backup, or expire them"
    return error
  }

  /// Whether bytes are not what they were, and not only out of reach or of a newer version.
  fileprivate var isDamage: Bool {
    let newer: [Code] = [
      .segmentUnsupportedVersion, .segmentUnsupportedFeature, .segmentUnknownSection,
      .segmentUnknownSchemaTag, .segmentUnknownCodec, .segmentUnknownEncoding,
    ]
    if newer.contains(code) { return false }
    return code == .corrupt || code == .notFound || code.name.hasPrefix("segment_")
  }
}

extension StoreWriter {
  /// Takes segments out of their groups, in one commit; those that went meanwhile are passed over.
  fileprivate func quarantine(_ losses: [SegmentLoss]) throws(HindcastError) -> CommitRecord? {
    var edits: [Edit] = []
    for loss in losses {
      let group = catalogue.group(id: loss.reference.groupID)
      guard group?.droppedAt == nil, group?.segments.contains(loss.reference) == true else {
        continue
      }
      edits.append(
        .quarantine(
          groupID: loss.reference.groupID, loss.reference.uid,
          reason: loss.problems.first?.message ?? ""))
    }
    return edits.isEmpty ? nil : try publish(edits, note: "repair")
  }

  /// Moves the files of those segments that are in quarantine to their folder.
  ///
  /// A file has both names for a moment, so that it is never without one.
  fileprivate func moveQuarantined(_ uids: [SegmentUID]) throws(HindcastError) -> [String] {
    var moved: [String] = []
    for segment in catalogue.groups.flatMap(\.quarantined)
    where uids.contains(segment.reference.uid) {
      let path = layout.segment(segment.reference.uid)
      guard try fileSystem.status(path) != nil else { continue }
      if moved.isEmpty {
        try fileSystem.createDirectoryIfMissing(layout.quarantine)
        try fileSystem.synchronizeDirectory(layout.root)
      }
      let target = layout.quarantined(segment.reference.uid)
      if try fileSystem.status(target) == nil { try fileSystem.link(path, to: target) }
      try fileSystem.synchronizeDirectory(layout.quarantine)
      try fileSystem.removeFile(path)
      try fileSystem.synchronizeDirectory(layout.segments)
      moved.append(target)
    }
    return moved
  }
}

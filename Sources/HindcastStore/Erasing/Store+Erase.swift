public import HindcastCore
import HindcastFormat

/// What an erasure did.
public struct ErasureResult: Sendable {
  /// The commit; nil if no segment held any of the records.
  public var commit: UInt64?
  /// The records that were there.
  public var recordCount = 0
  /// The rows that went, of all segments of all snapshots.
  public var rowCount = 0
  /// The segments that were rewritten.
  public var segmentCount = 0
  /// The files of theirs that readers of earlier snapshots may still have open, and logs that
  /// hold the rows for as long as their snapshots are kept.
  public var pending: [PendingErasure] = []
  /// Damaged segments in quarantine that held one of the records, or might have: their files are
  /// gone.
  public var removedQuarantine: [String] = []
  /// The commits that dropped earlier groups of this name which kept snapshots still have: those
  /// are other groups, from which nothing was erased.
  public var droppedBefore: [UInt64] = []

  /// Nothing was erased.
  public init() {}
}

extension Store {
  /// Removes the whole history of records from every segment of a group, of every snapshot (S3).
  ///
  /// Each segment that holds one of them is rewritten without it: with new keys, fences, filters,
  /// zone maps and dictionaries. Earlier snapshots are read through the new segments. The old files
  /// are removed as soon as no reader can have them open, by this call or by the next writer.
  /// Backups, rejects, training sets and manifests are out of its reach. Segments are rewritten
  /// without the writer's lock, apart from those that arrived meanwhile.
  /// - Parameters:
  ///   - keys: the records' keys in the group's layout, in any order.
  ///   - progress: is told how far it is, and may throw to stop (`cancelled`).
  /// - Throws: `not_found`; `busy` if another process rewrites segments; `io`, `corrupt`.
  public func erase(
    _ keys: KeyVector, from name: String, options: CompactionOptions = CompactionOptions(),
    progress: @escaping (CompactionProgress) throws(HindcastError) -> Void = { _ in }
  ) throws(HindcastError) -> ErasureResult {
    let lock = try RewritingLock.take(log)
    defer { withExtendedLifetime(lock) {} }
    try rollLog(of: name, progress)
    let work = try eraseStored(keys, from: name, options.rewriting, progress)
    do {
      return try withWriter(waiting: { () throws(HindcastError) in try progress(.waitingForWriter) }
      ) { writer in
        // What arrived since: the store is not written while this lasts.
        try writer.rollLog()
        try work.rewrite(writer.catalogue)
        return try work.publish(writer)
      }
    } catch {
      work.discard()
      throw error as? HindcastError ?? HindcastError(.io, "\(error)", cause: error)
    }
  }

  /// Rewrites what the latest snapshot and those before it name; its pin is let go at the end.
  private func eraseStored(
    _ keys: KeyVector, from name: String, _ options: RewriteOptions,
    _ progress: @escaping (CompactionProgress) throws(HindcastError) -> Void
  ) throws(HindcastError) -> ErasureWork {
    let snapshot = try snapshot()
    let group = try snapshot.group(named: name)
    let work = ErasureWork(
      store: self, groupID: group.identifier, keys: keys.sortedAndUnique(), options: options,
      progress: progress)
    do {
      try work.rewrite(try catalogue(at: snapshot.number))
    } catch {
      work.discard()
      throw error
    }
    withExtendedLifetime(snapshot) {}
    return work
  }
}

/// An erasure under way.
private final class ErasureWork {
  private let store: Store
  private let groupID: UInt32
  private let keys: KeyVector
  private let options: RewriteOptions
  private let progress: (CompactionProgress) throws(HindcastError) -> Void
  private var examined: Set<SegmentUID> = []
  private var found: Set<UInt32> = []
  private var substitutions: [(old: SegmentReference, new: SegmentReference?)] = []

  init(
    store: Store, groupID: UInt32, keys: KeyVector, options: RewriteOptions,
    progress: @escaping (CompactionProgress) throws(HindcastError) -> Void
  ) {
    self.store = store
    self.groupID = groupID
    self.keys = keys
    self.options = options
    self.progress = progress
  }

  /// Rewrites the segments of a catalogue that hold one of the records and were not looked at yet.
  func rewrite(_ catalogue: Catalogue) throws(HindcastError) {
    let segments = catalogue.group(id: groupID)?.allSegments ?? []
    let left = segments.filter { !examined.contains($0.uid) }
    let rowCount = left.reduce(0) { $0 + $1.rowCount }
    var done = 0
    for reference in left {
      try progress(.rows(done: done, of: rowCount))
      let segment = try StoredSegment(reference: reference, pool: store.segments).reader()
      if try holdsRecord(segment) { try rewrite(reference, segment, done: done, of: rowCount) }
      examined.insert(reference.uid)
      done += reference.rowCount
    }
  }

  private func holdsRecord(_ segment: SegmentReader) throws(HindcastError) -> Bool {
    var holds = false
    for index in 0..<keys.count where try segment.rows(of: keys, index) != nil {
      found.insert(UInt32(index))
      holds = true
    }
    return holds
  }

  private func rewrite(
    _ reference: SegmentReference, _ segment: SegmentReader, done: Int, of total: Int
  ) throws(HindcastError) {
    let progress = progress
    var options = options
    options.rowsPerSegment = .max
    let rewriter = Rewriter(
      store: store, groupID: groupID, schema: segment.schema,
      features: segment.schema.features, options: options, horizon: nil, erased: keys
    ) { rows throws(HindcastError) in try progress(.rows(done: done + rows, of: total)) }
    let added = try rewriter.rewrite([segment], covering: reference.commits)
    substitutions.append((reference, added.first))
  }

  func publish(_ writer: StoreWriter) throws(HindcastError) -> ErasureResult {
    // Snapshots that were given up meanwhile took segments with them.
    let known = Set(writer.catalogue.group(id: groupID)?.allSegments.map(\.uid) ?? [])
    let current = substitutions.filter { known.contains($0.old.uid) }
    guard writer.catalogue.group(id: groupID)?.droppedAt == nil else {
      throw HindcastError(.notFound, "the group was dropped while records were erased from it")
    }
    var result = ErasureResult()
    result.droppedBefore = droppedBefore(writer.catalogue)
    let quarantined = try quarantinedFiles(writer.catalogue)
    let isInLog = try isInLog()
    guard !current.isEmpty || !quarantined.isEmpty || isInLog else {
      discard()
      return result
    }
    let erasure = Erasure(
      groupID: groupID, records: ErasedRecords(foundKeys(quarantined), salt: salt()),
      substitutions: current.map { Erasure.Substitution(old: $0.old.uid, new: $0.new) })
    let uids = current.compactMap(\.new?.uid)
    // Before the commit: no later writer would look for what a crash leaves of them.
    try removeDurably(quarantined)
    result.removedQuarantine = quarantined
    result.commit = try writer.publishRewritten(uids, [.erase(erasure)], note: "erase").number
    result.recordCount = erasure.records.count
    result.segmentCount = current.count
    result.rowCount = current.reduce(0) { $0 + $1.old.rowCount - ($1.new?.rowCount ?? 0) }
    let files = ErasedFiles(log: store.log)
    try files.remove(writer.catalogue)
    result.pending = try files.pending(writer.catalogue)
    return result
  }

  /// When earlier groups of the same name were dropped that a kept snapshot has.
  private func droppedBefore(_ catalogue: Catalogue) -> [UInt64] {
    let name = catalogue.group(id: groupID)?.definition.name
    let retention = catalogue.retention
    return catalogue.groups.filter { $0.definition.name == name }.compactMap(\.droppedAt).filter {
      retention.keepsAny(of: 1..<$0, namedBefore: retention.namedBefore)
    }
  }

  /// Random bytes that no other erasure has.
  private func salt() -> [UInt8] {
    let words = (0..<ErasedRecords.saltByteCount / 8).map { _ in store.fileSystem.randomBits() }
    return words.flatMap { word in (0..<8).map { UInt8(truncatingIfNeeded: word >> ($0 * 8)) } }
  }

  /// The records that were there; where a damaged segment may have held any, all.
  private func foundKeys(_ quarantined: [String]) -> KeyVector {
    let places = found.sorted()
    return quarantined.isEmpty ? keys.gather(places.span) : keys
  }

  /// Whether rows of the records are in a log: those of the latest snapshot were rolled, earlier
  /// ones may read them.
  private func isInLog() throws(HindcastError) -> Bool {
    var isThere = false
    var wanted: [[UInt8]: UInt32] = [:]
    for index in 0..<keys.count { wanted[keys.bytes(index)] = UInt32(index) }
    let erased = try store.latest().group(id: groupID)?.erasures ?? []
    try store.log.forEachLog { _, _, rows throws(HindcastError) in
      try rows { number, id, keys throws(HindcastError) in
        guard id == groupID else { return }
        let later = erased.filter { $0.commit > number }
        let keys = try keys()
        for row in 0..<keys.count {
          let key = keys.bytes(row)
          guard let index = wanted[key], !later.contains(where: { $0.records.contains(key) })
          else { continue }
          found.insert(index)
          isThere = true
        }
      }
    }
    return isThere
  }

  /// The files of the group's segments in quarantine, but those that are whole enough to tell that
  /// they hold none of the records.
  private func quarantinedFiles(_ catalogue: Catalogue) throws(HindcastError) -> [String] {
    var paths: [String] = []
    for segment in catalogue.group(id: groupID)?.quarantined ?? [] {
      let uid = segment.reference.uid
      for path in [store.layout.quarantined(uid), store.layout.segment(uid)]
      where try store.fileSystem.status(path) != nil {
        if (try? isFree(path)) != true { paths.append(path) }
      }
    }
    return paths
  }

  /// Removes them for good; the folder of those that were not moved yet is made durable with the
  /// new segments.
  private func removeDurably(_ quarantined: [String]) throws(HindcastError) {
    for path in quarantined { try store.fileSystem.removeFile(path) }
    guard quarantined.contains(where: { $0.hasPrefix(store.layout.quarantine + "/") }) else {
      return
    }
    try store.fileSystem.synchronizeDirectory(store.layout.quarantine)
  }

  private func isFree(_ path: String) throws(HindcastError) -> Bool {
    let segment = try SegmentReader(
      file: try store.fileSystem.openFile(path), expecting: nil)
    for index in 0..<keys.count where try segment.rows(of: keys, index) != nil { return false }
    return true
  }

  /// Removes what is not published.
  func discard() {
    store.discard([
      Replacement(groupID: groupID, removed: [], added: substitutions.compactMap(\.new))
    ])
  }
}

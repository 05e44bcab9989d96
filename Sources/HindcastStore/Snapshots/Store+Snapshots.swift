public import HindcastCore

extension Store {
  /// The bytes of all log files, those too whose rows are in segments by now and which stay for
  /// the snapshots before.
  /// - Throws: ``HindcastError`` (`io`) if the folder can't be read.
  public func logByteCount() throws(HindcastError) -> Int { try log.frames.byteCount() }

  /// The state of all groups after commit `number`, nil being the latest.
  ///
  /// It is pinned, so that nothing it names goes away, for as long as the object lives.
  /// - Throws: `not_found` if there is no such commit, `expired` if it is not kept any more; as
  ///   ``open(at:on:)``.
  public func snapshot(_ number: UInt64? = nil) throws(HindcastError) -> Snapshot {
    try snapshot(number.map { .number($0) } ?? .latest)
  }

  /// The state of all groups in the snapshot that is meant.
  ///
  /// It is pinned, so that nothing it names goes away, for as long as the object lives.
  /// - Throws: `not_found` if there is none, `expired` if it is not kept any more; as
  ///   ``open(at:on:)``.
  public func snapshot(_ selector: SnapshotSelector) throws(HindcastError) -> Snapshot {
    var tried: UInt64?
    for _ in 0..<8 {
      let latest = try latest()
      do throws(HindcastError) {
        let number = try number(of: selector, latest)
        let catalogue = number == latest.number ? latest : try catalogue(at: number)
        if number == latest.number { try log.makeDurable(number) }
        guard let pin = try pin(number) else { continue }
        // Whoever erases or expires publishes first, and then asks for pins: what it did not find
        // finds it.
        guard try isAsIt(was: latest, number) else { continue }
        return Snapshot(catalogue, newest: latest, store: self, pin: pin)
      } catch {
        // It may have been expired meanwhile: then the next round says so.
        guard tried != latest.number else { throw error }
        tried = latest.number
      }
    }
    throw HindcastError(
      .busy, "the store is being expired at the moment: try again", at: .init(file: path))
  }

  /// Whether no commit after a catalogue's erased records or gave the snapshot up; such a commit
  /// has a file of its own.
  private func isAsIt(
    was known: Catalogue, _ number: UInt64
  ) throws(HindcastError) -> Bool {
    let files = try fileSystem.list(layout.commits).compactMap(StoreLayout.number)
    guard let last = files.max(), last > known.number else { return true }
    let latest = try latest()
    return latest.erasureCount == known.erasureCount && latest.retention.keeps(number)
  }

  /// A shared lock on the file that holds the commit; nil if it is about to go, or gone.
  private func pin(_ number: UInt64) throws(HindcastError) -> (any FileLock)? {
    do {
      return try fileSystem.lock(layout.commit(number), .shared)
    } catch {
      guard error.code == .notFound else { throw error }
    }
    guard let frame = try log.frames.frame(number) else { return nil }
    do {
      return try fileSystem.lock(layout.log(frame.place.log), .shared)
    } catch {
      if error.code == .notFound { return nil }
      throw error
    }
  }

  /// All commits whose snapshots are kept, the first one first.
  ///
  /// O(commits).
  public func commits() throws(HindcastError) -> [CommitRecord] {
    while true {
      let latest = try latest()
      do throws(HindcastError) {
        return try commits(keptBy: latest)
      } catch {
        // Commits may have gone meanwhile, by one that expired them.
        guard try self.latest().retention.firstKept != latest.retention.firstKept else {
          throw error
        }
      }
    }
  }

  private func commits(keptBy latest: Catalogue) throws(HindcastError) -> [CommitRecord] {
    var names: [UInt64: [String]] = [:]
    for (name, number) in latest.retention.names { names[number, default: []].append(name) }
    var catalogue = Catalogue()
    var records: [CommitRecord] = []
    for number in try keptNumbers(latest) {
      let commit = try log.commit(number)
      var record: CommitRecord
      if catalogue.number + 1 == number {
        record = CommitRecord(commit, before: catalogue)
        try catalogue.apply(commit, file: log.path(of: commit))
      } else {
        catalogue = try log.catalogue(at: number)
        record = CommitRecord(commit, after: catalogue)
      }
      record.names = names[number]?.sorted() ?? []
      records.append(record)
    }
    return records
  }
}

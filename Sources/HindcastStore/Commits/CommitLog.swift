import HindcastCore

/// The commits and checkpoints of one store: those in files and those in the log.
struct CommitLog: Sendable {
  let fileSystem: any FileSystem
  let layout: StoreLayout
  let storeID: [UInt8]
  let frames: LogFrames

  init(fileSystem: any FileSystem, layout: StoreLayout, storeID: [UInt8]) {
    self.fileSystem = fileSystem
    self.layout = layout
    self.storeID = storeID
    frames = LogFrames(fileSystem: fileSystem, layout: layout)
  }

  /// A checkpoint is written every so many commits.
  static let checkpointInterval: UInt64 = 100

  /// The number of the last commit.
  /// - Throws: `corrupt` if a commit is missing before it.
  func latestNumber() throws(HindcastError) -> UInt64 {
    let numbers = try fileSystem.list(layout.commits).compactMap(StoreLayout.number).sorted()
    let logs = try frames.logNumbers()
    let logged = logs.isEmpty ? nil : try frames.last()
    var expected: UInt64 = 1
    for number in numbers {
      // Commits before it may be in a log; one that is not is missed when the commits are read.
      if let log = logs.first, log <= number { expected = max(expected, number) }
      // A listing may miss a commit that came while it ran, and show its successor.
      while expected < number {
        guard try fileSystem.status(layout.commit(expected)) != nil else {
          throw HindcastError(
            .corrupt,
            "commit \(expected) is missing though commit \(number) is there: restore this file "
              + "from a backup",
            at: .init(file: layout.commit(expected)))
        }
        expected += 1
      }
      expected = number + 1
    }
    guard expected > 1 else {
      throw HindcastError(
        .corrupt, "the store has no commits; even an empty one has its first",
        at: .init(file: layout.commits))
    }
    return max(expected - 1, logged?.number ?? 0)
  }

  /// Makes a commit of the log durable, which its writer may have written but not synchronised yet.
  ///
  /// Whoever answers from it can rely on it then, whatever becomes of the writer.
  func makeDurable(_ number: UInt64) throws(HindcastError) {
    guard let frame = try frames.frame(number) else { return }
    try fileSystem.synchronizeFile(layout.log(frame.place.log))
  }

  /// Reads one commit.
  func commit(_ number: UInt64) throws(HindcastError) -> Commit {
    let path = layout.commit(number)
    let bytes: [UInt8]
    do {
      bytes = try fileSystem.readAll(path)
    } catch {
      guard error.code == .notFound else { throw error }
      guard let frame = try frames.frame(number) else {
        throw HindcastError(
          .corrupt, "commit \(number) is missing: restore this file from a backup",
          at: .init(file: path))
      }
      return try Commit(
        frame.bytes, number: number, storeID: storeID, file: self.path(of: frame),
        place: frame.place)
    }
    return try Commit(bytes[...], number: number, storeID: storeID, file: path)
  }

  /// The file that holds a commit.
  func path(of commit: Commit) -> String {
    commit.place.map { layout.log($0.log) } ?? layout.commit(commit.number)
  }

  private func path(of frame: LogFrames.Frame) -> String { layout.log(frame.place.log) }

  /// The catalogue as of commit `number`, from `base` or the last checkpoint on.
  ///
  /// O(commits since).
  ///
  /// Every commit that is read is checked against the checksum that its successor names.
  func catalogue(
    at number: UInt64, from base: Catalogue? = nil
  ) throws(HindcastError) -> Catalogue {
    var catalogue = Catalogue()
    if let base, base.number <= number {
      catalogue = base
    } else if let checkpoint = try checkpoint(before: number) {
      catalogue = checkpoint
    }
    while catalogue.number < number {
      let next = catalogue.number + 1
      let commit = try commit(next)
      try catalogue.apply(commit, file: path(of: commit))
    }
    return catalogue
  }

  /// The last valid checkpoint at or before a commit.
  ///
  /// A damaged one is passed over: everything in it is in the commits too, and `verify` reports it.
  private func checkpoint(before number: UInt64) throws(HindcastError) -> Catalogue? {
    guard number >= Self.checkpointInterval else { return nil }
    let numbers = try fileSystem.list(layout.checkpoints).compactMap(StoreLayout.number)
    for candidate in numbers.filter({ $0 <= number }).sorted(by: >) {
      if let catalogue = try? readCheckpoint(candidate) { return catalogue }
    }
    return nil
  }

  /// Reads one checkpoint.
  func readCheckpoint(_ number: UInt64) throws(HindcastError) -> Catalogue {
    let path = layout.checkpoint(number)
    return try Catalogue(
      checkpoint: try fileSystem.readAll(path), number: number, storeID: storeID, file: path)
  }
}

extension CommitLog {
  /// Writes a checkpoint, from which readers start instead of the first commit.
  func writeCheckpoint(_ catalogue: Catalogue) throws(HindcastError) {
    let temporary = layout.temporary + "/checkpoint-" + StoreLayout.name(catalogue.number)
    defer { try? fileSystem.removeFile(temporary) }
    try fileSystem.writeDurably(catalogue.checkpoint(storeID: storeID), to: temporary)
    do {
      try fileSystem.link(temporary, to: layout.checkpoint(catalogue.number))
    } catch {
      if error.code == .alreadyExists { return }
      throw error
    }
    try fileSystem.synchronizeDirectory(layout.checkpoints)
  }
}

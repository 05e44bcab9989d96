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

  /// The numbers of the commits that have files of their own, and of the last one in the log, in
  /// order.
  ///
  /// O(commits). Commits that come or go meanwhile may be missed.
  /// - Throws: `corrupt` if there are none.
  func numbers() throws(HindcastError) -> [UInt64] {
    // Whoever writes goes on in the log where files end: it is looked at last.
    var numbers = try fileNumbers()
    if let logged = try frames.last(), logged.number > numbers.last ?? 0 {
      numbers.append(logged.number)
    }
    guard !numbers.isEmpty else {
      throw HindcastError(
        .corrupt, "the store has no commits; even an empty one has its first",
        at: .init(file: layout.commits))
    }
    return numbers
  }

  private func fileNumbers() throws(HindcastError) -> [UInt64] {
    try fileSystem.list(layout.commits).compactMap(StoreLayout.number).sorted()
  }

  /// The numbers of all commits, in order.
  ///
  /// O(commits); reads the log files that were not read yet.
  func allNumbers() throws(HindcastError) -> [UInt64] {
    var numbers = Set(try fileNumbers())
    let logs = try frames.logNumbers()
    for (index, log) in logs.enumerated() {
      let next = index + 1 < logs.count ? logs[index + 1] : .max
      for frame in try frames.frames(of: log, below: next) { numbers.insert(frame.number) }
    }
    return numbers.sorted()
  }

  /// Checks that every snapshot that `catalogue`, the last of `numbers`, keeps is there.
  ///
  /// O(commits). One that may be in a log is missed when it is read.
  /// - Throws: `corrupt` if one is missing.
  func checkComplete(
    _ numbers: [UInt64], _ catalogue: Catalogue
  ) throws(HindcastError) {
    let retention = catalogue.retention
    let firstLog = try frames.logNumbers().first ?? .max
    var expected = retention.firstKept
    for number in numbers where number >= retention.firstKept {
      while expected < min(number, firstLog) {
        try checkPresent(expected, catalogue)
        expected += 1
      }
      expected = number + 1
    }
    let before = Set(numbers.prefix { $0 < retention.firstKept })
    for number in retention.namedBefore where !before.contains(number) && number < firstLog {
      try checkPresent(number, catalogue)
    }
  }

  /// A listing may miss a commit that came while it ran, and show its successor.
  private func checkPresent(
    _ number: UInt64, _ catalogue: Catalogue
  ) throws(HindcastError) {
    guard try fileSystem.status(layout.commit(number)) == nil else { return }
    throw HindcastError(
      .corrupt,
      "commit \(number) is missing though commit \(catalogue.number) is there: restore this file "
        + "from a backup",
      at: .init(file: layout.commit(number)))
  }

  /// Makes a commit of the log durable, which its writer may have written but not synchronised yet.
  ///
  /// Whoever answers from it can rely on it then, whatever becomes of the writer.
  func makeDurable(_ number: UInt64) throws(HindcastError) {
    guard let frame = try frames.frame(number) else { return }
    try fileSystem.synchronizeFile(layout.log(frame.place.log))
  }

  /// Makes the last commit of the log durable, whatever became of its writer's attempt to.
  ///
  /// Where that failed, the system may only go on showing the commit. Those before it are durable:
  /// a commit is written when the one before it is.
  func secure(_ number: UInt64) throws(HindcastError) {
    guard let frame = try frames.frame(number) else { return }
    try fileSystem.rewriteFile(
      layout.log(frame.place.log), at: frame.place.offset, Buffer(Array(frame.bytes)).bytes)
  }

  /// Reads one commit.
  func commit(_ number: UInt64) throws(HindcastError) -> Commit {
    let path = layout.commit(number)
    let bytes: [UInt8]
    do {
      bytes = try fileSystem.readAll(path)
    } catch {
      guard error.code == .notFound else { throw error }
      guard let frame = try frames.frame(number) else { throw missing(number) }
      return try Commit(
        frame.bytes, number: number, storeID: storeID, file: layout.log(frame.place.log),
        place: frame.place)
    }
    return try Commit(bytes[...], number: number, storeID: storeID, file: path)
  }

  /// The error for a commit that is neither in a file of its own nor in the log.
  func missing(_ number: UInt64) -> HindcastError {
    let logs = (try? frames.logNumbers()) ?? []
    let log = logs.last { $0 <= number }.map { " or in \(layout.log($0))" } ?? ""
    return HindcastError(
      .corrupt,
      "commit \(number) is missing, which was in this file\(log): restore it, or a checkpoint of a "
        + "later commit, from a backup", at: .init(file: layout.commit(number)))
  }

  /// The file that holds a commit.
  func path(of commit: Commit) -> String {
    commit.place.map { layout.log($0.log) } ?? layout.commit(commit.number)
  }

  /// The catalogue as of commit `number`, from `base` or the last checkpoint on.
  ///
  /// O(commits since). Where commits since `base` have expired, there is a checkpoint behind them.
  ///
  /// Every commit that is read is checked against the checksum that its successor names.
  func catalogue(
    at number: UInt64, from base: Catalogue? = nil
  ) throws(HindcastError) -> Catalogue {
    if let base, base.number <= number {
      do throws(HindcastError) {
        return try self.catalogue(after: base, at: number)
      } catch {
        guard error.code == .corrupt else { throw error }
      }
    }
    let (base, unread) = try lastCheckpoint(before: number)
    do throws(HindcastError) {
      return try self.catalogue(after: base ?? Catalogue(), at: number)
    } catch {
      // Commits are not missing whose checkpoint can't be read at the moment.
      throw unread ?? error
    }
  }

  private func catalogue(
    after base: Catalogue, at number: UInt64
  ) throws(HindcastError) -> Catalogue {
    var catalogue = base
    while catalogue.number < number {
      let commit = try commit(catalogue.number + 1)
      try catalogue.apply(commit, file: path(of: commit))
    }
    return catalogue
  }
}

extension CommitLog {
  /// The last valid checkpoint at or before a commit.
  ///
  /// A damaged one is passed over: everything in it is in the commits too, and `verify` reports it.
  func checkpoint(before number: UInt64) throws(HindcastError) -> Catalogue? {
    try lastCheckpoint(before: number).catalogue
  }

  /// The last valid checkpoint at or before a commit, and why later ones could not be read, if that
  /// was the disk's fault.
  private func lastCheckpoint(
    before number: UInt64
  ) throws(HindcastError) -> (catalogue: Catalogue?, failure: HindcastError?) {
    let numbers = try fileSystem.listIfThere(layout.checkpoints).compactMap(StoreLayout.number)
    var failure: HindcastError?
    for candidate in numbers.filter({ $0 <= number }).sorted(by: >) {
      do throws(HindcastError) {
        return (try readCheckpoint(candidate), failure)
      } catch {
        if error.code == .io { failure = error }
      }
    }
    return (nil, failure)
  }

  /// Makes sure that there is a valid checkpoint of a commit, and that it is durable.
  func ensureCheckpoint(_ number: UInt64) throws(HindcastError) {
    if (try? readCheckpoint(number)) != nil { return }
    let catalogue = try catalogue(at: number)
    if try fileSystem.status(layout.checkpoint(number)) != nil {
      try fileSystem.removeFile(layout.checkpoint(number))
    }
    try writeCheckpoint(catalogue)
  }

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

  /// Reads one checkpoint.
  func readCheckpoint(_ number: UInt64) throws(HindcastError) -> Catalogue {
    let path = layout.checkpoint(number)
    return try Catalogue(
      checkpoint: try fileSystem.readAll(path), number: number, storeID: storeID, file: path)
  }
}

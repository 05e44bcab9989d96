import HindcastCore

/// The commits and checkpoints of one store.
struct CommitLog: Sendable {
  let fileSystem: any FileSystem
  let layout: StoreLayout
  let storeID: [UInt8]

  /// A checkpoint is written every so many commits.
  static let checkpointInterval: UInt64 = 100

  /// The numbers of the commits that are there, in order.
  ///
  /// O(commits). Commits that come or go meanwhile may be missed.
  /// - Throws: `corrupt` if there are none.
  func numbers() throws(HindcastError) -> [UInt64] {
    let numbers = try fileSystem.list(layout.commits).compactMap(StoreLayout.number).sorted()
    guard !numbers.isEmpty else {
      throw HindcastError(
        .corrupt, "the store has no commits; even an empty one has its first",
        at: .init(file: layout.commits))
    }
    return numbers
  }

  /// Checks that every snapshot that `catalogue`, the last of `numbers`, keeps is there.
  ///
  /// O(commits).
  /// - Throws: `corrupt` if one is missing.
  func checkComplete(
    _ numbers: [UInt64], _ catalogue: Catalogue
  ) throws(HindcastError) {
    let retention = catalogue.retention
    var expected = retention.firstKept
    for number in numbers where number >= retention.firstKept {
      while expected < number {
        try checkPresent(expected, catalogue)
        expected += 1
      }
      expected = number + 1
    }
    let before = Set(numbers.prefix { $0 < retention.firstKept })
    for number in retention.namedBefore where !before.contains(number) {
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

  /// Reads one commit.
  func commit(_ number: UInt64) throws(HindcastError) -> Commit {
    let path = layout.commit(number)
    let bytes: [UInt8]
    do {
      bytes = try fileSystem.readAll(path)
    } catch {
      guard error.code == .notFound else { throw error }
      throw HindcastError(
        .corrupt, "commit \(number) is missing: restore this file from a backup",
        at: .init(file: path))
    }
    return try Commit(bytes, number: number, storeID: storeID, file: path)
  }

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
      try catalogue.apply(try commit(next), file: layout.commit(next))
    }
    return catalogue
  }

  /// The last valid checkpoint at or before a commit.
  ///
  /// A damaged one is passed over: everything in it is in the commits too, and `verify` reports it.
  func checkpoint(before number: UInt64) throws(HindcastError) -> Catalogue? {
    let numbers = try fileSystem.list(layout.checkpoints).compactMap(StoreLayout.number)
    for candidate in numbers.filter({ $0 <= number }).sorted(by: >) {
      if let catalogue = try? readCheckpoint(candidate) { return catalogue }
    }
    return nil
  }

  /// Makes sure that there is a valid checkpoint of a commit, and that it is durable but for its
  /// name.
  func ensureCheckpoint(_ number: UInt64) throws(HindcastError) {
    if (try? readCheckpoint(number)) != nil { return }
    let catalogue = try catalogue(at: number)
    if try fileSystem.status(layout.checkpoint(number)) != nil {
      try fileSystem.removeFile(layout.checkpoint(number))
    }
    try writeCheckpoint(catalogue)
  }

  /// Writes a checkpoint; its name is not durable yet.
  func writeCheckpoint(_ catalogue: Catalogue) throws(HindcastError) {
    let temporary = layout.temporary + "/checkpoint-" + StoreLayout.name(catalogue.number)
    defer { try? fileSystem.removeFile(temporary) }
    try fileSystem.writeDurably(catalogue.checkpoint(storeID: storeID), to: temporary)
    try fileSystem.link(temporary, to: layout.checkpoint(catalogue.number))
  }

  /// Reads one checkpoint.
  func readCheckpoint(_ number: UInt64) throws(HindcastError) -> Catalogue {
    let path = layout.checkpoint(number)
    return try Catalogue(
      checkpoint: try fileSystem.readAll(path), number: number, storeID: storeID, file: path)
  }
}

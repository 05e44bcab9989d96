import HindcastCore

/// The commits and checkpoints of one store.
struct CommitLog: Sendable {
  let fileSystem: any FileSystem
  let layout: StoreLayout
  let storeID: [UInt8]

  /// A checkpoint is written every so many commits.
  static let checkpointInterval: UInt64 = 100

  /// The number of the last commit.
  /// - Throws: `corrupt` if a commit is missing before it.
  func latestNumber() throws(HindcastError) -> UInt64 {
    let numbers = try fileSystem.list(layout.commits).compactMap(StoreLayout.number).sorted()
    var expected: UInt64 = 1
    for number in numbers {
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
    return expected - 1
  }

  /// Reads one commit.
  func commit(_ number: UInt64) throws(HindcastError) -> Commit {
    let path = layout.commit(number)
    return try Commit(
      try fileSystem.readAll(path), number: number, storeID: storeID, file: path)
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
